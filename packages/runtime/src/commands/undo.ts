import type { Command } from "./command.ts";
import { shorten } from "./shorten.ts";

/** Takes the last exchange out of what is remembered; what stands in the chat stays there. */
export const undoCommand: Command = {
  name: "undo",
  aliases: [],
  description: (catalogue) => catalogue.agents.helpUndo,
  run: async ({ session, catalogue: { agents: words } }) => {
    if (session.isRunning) return words.stopFirst;
    const undone = await session.agent.undo();
    return undone === undefined ? words.nothingToUndo : words.undone(shorten(undone.text));
  },
};
