import type { Command } from "./command.ts";

/** What was asked before `/new` belongs to the old conversation: it is stopped or dropped, and the answer says so. */
export const newCommand: Command = {
  name: "new",
  aliases: ["reset"],
  description: (catalogue) => catalogue.helpNew,
  run: async ({ session, catalogue }) => {
    const dropped = await session.dropWaiting();
    if ((await session.stopTurn()) === "not-yours") return catalogue.busy.notYours;
    await session.approvals.waive(false);
    await session.endSession();
    return catalogue.newSession(dropped);
  },
};
