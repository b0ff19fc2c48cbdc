import type { Command } from "./command.ts";

/** Makes the chat it is given in the one where the gateway tells what concerns whoever looks after it. */
export const setHomeCommand: Command = {
  name: "sethome",
  aliases: ["set-home"],
  who: "admins",
  description: (catalogue) => catalogue.delivery.helpSetHome,
  run: async ({ session, catalogue, services }) => {
    await services.homeChannels.set(session.event.chat);
    return catalogue.delivery.homeIsHere;
  },
};
