import type { Command } from "./command.ts";

/** Lists what is running: of the chat, and for whoever looks after the gateway everywhere. */
export const agentsCommand: Command = {
  name: "agents",
  aliases: ["tasks"],
  description: (catalogue) => catalogue.agents.helpAgents,
  run: async ({ session, catalogue: { agents: words } }) => {
    const works = session.agent.works();
    return works.length === 0 ? words.noWork : words.work(works);
  },
};

/** Connects again to the servers that an agent takes tools from. */
export const reloadCommand: Command = {
  name: "reload-mcp",
  aliases: ["reload_mcp"],
  who: "admins",
  description: (catalogue) => catalogue.agents.helpReload,
  run: async ({ session, catalogue: { agents: words } }) => (await session.agent.reload()) ?? words.nothingToReload,
};
