import type { Command } from "./command.ts";

/** Ends what runs and drops what was asked before it. */
export const stopCommand: Command = {
  name: "stop",
  aliases: [],
  description: (catalogue) => catalogue.helpStop,
  run: async ({ session, catalogue }) => {
    const dropped = await session.dropWaiting();
    return (await session.stopTurn()) ? catalogue.stopped(dropped) : catalogue.nothingToStop(dropped);
  },
};
