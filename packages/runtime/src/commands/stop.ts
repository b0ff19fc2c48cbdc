import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Command, CommandSession } from "./command.ts";
import { shorten } from "./shorten.ts";

/** Ends what runs and drops what was asked before it. */
export const stopCommand: Command = {
  name: "stop",
  aliases: [],
  description: (catalogue) => catalogue.helpStop,
  usage: "[task]",
  run: async ({ session, arguments: given, catalogue }) => {
    if (given !== "") return await stopTask(given, session, catalogue);
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

async function stopTask(id: string, session: CommandSession, catalogue: Catalogue): Promise<string> {
  switch (await session.agent.stopTask(id)) {
    case "stopped":
      return catalogue.stopped(0);
    case "nothing":
      return catalogue.agents.noSuchTask(shorten(id).replaceAll("`", ""));
    case "not-yours":
      return catalogue.busy.notYours;
  }
}
