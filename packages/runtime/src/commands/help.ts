import type { Command } from "./command.ts";

/** `start` is what chat clients send when somebody opens a bot for the first time. */
export const helpCommand: Command = {
  name: "help",
  aliases: ["start"],
  description: (catalogue) => catalogue.helpHelp,
  run: async (_session, catalogue, all) =>
    [catalogue.helpHeading, "", ...all.map((command) => `- /${command.name}: ${command.description(catalogue)}`)].join("\n"),
};
