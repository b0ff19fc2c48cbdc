import type { Command } from "./command.ts";

/** Runs again what was interrupted, or sends again what failed or may not have arrived. */
export const retryCommand: Command = {
  name: "retry",
  aliases: [],
  description: (catalogue) => catalogue.helpRetry,
  run: async ({ session, catalogue }) => ((await session.retry()) ? catalogue.retried : catalogue.nothingToRetry),
};
