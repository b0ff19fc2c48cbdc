import type { Command } from "./command.ts";

/** Tells people how the gateway knows them, and by which rule they were let in. */
export const whoamiCommand: Command = {
  name: "whoami",
  aliases: [],
  description: (catalogue) => catalogue.helpWhoami,
  run: async ({ session, catalogue }) =>
    catalogue.whoami({
      platform: session.event.chat.ref.platform,
      userId: session.event.origin.author.id,
      rule: session.rule,
      sessionKey: session.key,
    }),
};
