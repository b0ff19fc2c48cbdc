import type { Command } from "./command.ts";

/** Restarts the gateway, once for each time somebody asks for it. */
export const restartCommand: Command = {
  name: "restart",
  aliases: [],
  who: "admins",
  description: (catalogue) => catalogue.restart.helpRestart,
  run: async ({ session, catalogue, services }) => {
    const { restarts } = services;
    const words = catalogue.restart;
    const outcome = await restarts.ask(session.event, session.isLeftBehind);
    switch (outcome) {
      case "restarting":
        session.afterAnswer((shown) => void restarts.perform(shown));
        return restarts.isCertain ? words.restarting : words.ending;
      case "under-way":
        return words.underWay;
      case "done":
        return words.restartedAlready;
      case "nobody":
        return words.nobodyRestarts;
    }
  },
};
