import type { Command } from "./command.ts";

export const whoamiCommand: Command = {
  name: "whoami",
  aliases: [],
  description: (catalogue) => catalogue.helpWhoami,
  run: async (session, catalogue) =>
    catalogue.whoami({
      platform: session.event.chat.ref.platform,
      userId: session.event.origin.author.id,
      rule: session.rule,
      sessionKey: session.key,
    }),
};
