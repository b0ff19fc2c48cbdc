import type { Command } from "./command.ts";

/** Tells what models took: for the last answer, in this conversation, and for whoever asks. */
export const usageCommand: Command = {
  name: "usage",
  aliases: [],
  description: (catalogue) => catalogue.agents.helpUsage,
  run: async ({ session, catalogue: { agents: words } }) => {
    const usage = await session.agent.usage();
    return usage.session.length + usage.person.length === 0 ? words.noUsage : words.usage(usage);
  },
};
