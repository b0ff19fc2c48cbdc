import type { Command } from "./command.ts";
import { nameOfChat } from "./set-home.ts";

/** Tells whether something runs, and what waits. */
export const statusCommand: Command = {
  name: "status",
  aliases: [],
  description: (catalogue) => catalogue.helpStatus,
  run: async ({ session, catalogue, services }) => {
    const { platform, chatId, threadId } = session.event.chat.ref;
    const status = catalogue.status({
      running: session.isRunning,
      waiting: session.waiting,
      busyMode: session.busy.mode,
      sessionId: await session.currentSessionId(),
      platform,
    });
    // Which chat it is concerns those who look after the gateway.
    if (!session.isAdmin) return status;
    const home = services.homeChannels.of(platform);
    const isHere = home?.ref.chatId === chatId && home.ref.threadId === threadId;
    const place = home === undefined ? "nowhere" : isHere ? "here" : { chat: nameOfChat(home) };
    return `${status}\n${catalogue.delivery.homeLine(place)}`;
  },
};
