import type { Command } from "./command.ts";

/** Allows what waits for it. It is an answer, and comes here only where nothing waits that the sender may answer. */
export const approveCommand: Command = {
  name: "approve",
  aliases: [],
  usage: "[session|always]",
  description: (catalogue) => catalogue.agents.approval.helpApprove,
  run: async ({ session, arguments: given, catalogue }) => {
    const { approval: words } = catalogue.agents;
    if (!["", "once", "session", "always"].includes(given.toLowerCase())) return words.usage;
    return session.approvals.waiting > 1 ? words.several : words.nothingWaits;
  },
};

/** Refuses what waits for an approval; comes here only as `/approve` does. */
export const denyCommand: Command = {
  name: "deny",
  aliases: [],
  description: (catalogue) => catalogue.agents.approval.helpDeny,
  run: async ({ session, catalogue }) => {
    const { approval: words } = catalogue.agents;
    return session.approvals.waiting > 1 ? words.several : words.nothingWaits;
  },
};

/** Lets everything that an admin asks for in this conversation be done without an approval. */
export const yoloCommand: Command = {
  name: "yolo",
  aliases: [],
  usage: "[on|off]",
  who: "admins",
  description: (catalogue) => catalogue.agents.approval.helpYolo,
  run: async ({ session, arguments: given, catalogue }) => {
    const { approval: words } = catalogue.agents;
    const wanted =
      { on: true, off: false }[given.toLowerCase()] ?? (given === "" ? !(await session.approvals.isWaived()) : undefined);
    if (wanted === undefined) return words.yoloUsage;
    await session.approvals.waive(wanted);
    return wanted ? words.yoloOn : words.yoloOff;
  },
};
