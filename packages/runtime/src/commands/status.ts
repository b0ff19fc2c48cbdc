import type { Command } from "./command.ts";

/** Tells whether something runs, and what waits. */
export const statusCommand: Command = {
  name: "status",
  aliases: [],
  description: (catalogue) => catalogue.helpStatus,
  run: async ({ session, catalogue }) =>
    catalogue.status({
      running: session.isRunning,
      waiting: session.waiting,
      busyMode: session.busy.mode,
      sessionId: await session.currentSessionId(),
      platform: session.event.chat.ref.platform,
    }),
};
