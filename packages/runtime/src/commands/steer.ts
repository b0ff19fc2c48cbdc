import type { Command } from "./command.ts";

/** Says something to the turn that runs. With a text it is that text, and never comes here. */
export const steerCommand: Command = {
  name: "steer",
  aliases: [],
  usage: "<text>",
  description: (catalogue) => catalogue.busy.helpSteer,
  run: async ({ catalogue }) => catalogue.busy.steerUsage,
};
