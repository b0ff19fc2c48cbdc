import type { Command } from "./command.ts";

/** `start` is what chat clients send when somebody opens a bot for the first time. */
export const helpCommand: Command = {
  name: "help",
  aliases: ["start"],
  description: (catalogue) => catalogue.helpHelp,
  run: async ({ session, catalogue, commands }) => {
    const usable = commands.filter(({ who }) => who === undefined || session.isAdmin);
    return [
      catalogue.helpHeading,
      "",
      ...usable.map((command) => `- ${written(command)}: ${command.description(catalogue)}`),
    ].join("\n");
  },
};

function written({ name, usage }: Command): string {
  return usage === undefined ? `/${name}` : `/${name} ${usage}`;
}
