import type { Command } from "./command.ts";

/** Ends what runs and drops what was asked before it. */
export const stopCommand: Command = {
  name: "stop",
  aliases: [],
  description: (catalogue) => catalogue.helpStop,
  run: async ({ session, catalogue }) => {
    const dropped = await session.dropWaiting();
    switch (await session.stopTurn()) {
      case "stopped":
        return catalogue.stopped(dropped);
      case "nothing":
        return catalogue.nothingToStop(dropped);
      case "not-yours":
        return catalogue.busy.notYours;
    }
  },
};
