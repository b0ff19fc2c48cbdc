import type { Command } from "./command.ts";

/** Does something in a conversation of its own. With a text it is that text, and comes here only where it cannot be done. */
export const backgroundCommand: Command = {
  name: "background",
  aliases: ["bg"],
  usage: "<task>",
  description: (catalogue) => catalogue.agents.helpBackground,
  run: async ({ catalogue }) => catalogue.agents.backgroundUsage,
};

/** Asks on the side. With a text it is that text, and comes here only where the agent cannot answer it. */
export const asideCommand: Command = {
  name: "btw",
  aliases: [],
  usage: "<question>",
  description: (catalogue) => catalogue.agents.helpAside,
  run: async ({ arguments: given, catalogue: { agents: words } }) => (given === "" ? words.asideUsage : words.noAside),
};

/** Keeps the conversation in fewer words. It is a turn of the agent, and comes here only where that cannot do it. */
export const compressCommand: Command = {
  name: "compress",
  aliases: [],
  usage: "[what matters]",
  description: (catalogue) => catalogue.agents.helpCompress,
  run: async ({ catalogue }) => catalogue.agents.noCompression,
};
