import type { Command } from "./command.ts";

/** Makes the chat it is given in, with its thread, the one where the gateway tells what concerns whoever looks after it. */
export const setHomeCommand: Command = {
  name: "sethome",
  aliases: ["set-home"],
  usage: "[off]",
  who: "admins",
  description: (catalogue) => catalogue.delivery.helpSetHome,
  run: async ({ session, arguments: given, catalogue: { delivery }, services: { homeChannels } }) => {
    const { chat } = session.event;
    switch (given.toLowerCase()) {
      case "":
        await homeChannels.set(chat);
        return delivery.homeIsHere;
      case "off": {
        const isNew = await homeChannels.forget(chat.ref.platform);
        const left = homeChannels.find(chat.ref.platform);
        if (left !== undefined) return delivery.homeIsConfigured(nameOfChat(left.chat));
        return isNew ? delivery.homeIsNowhere : delivery.homeWasNowhere;
      }
      default:
        return delivery.howToSetHome;
    }
  },
};

/** A chat as people tell it from others. */
export function nameOfChat({ name, ref: { chatId, threadId } }: { readonly name?: string; readonly ref: HomeRef }): string {
  const place = threadId === undefined ? chatId : `${chatId}:${threadId}`;
  return name === undefined ? `\`${place}\`` : `${name} (\`${place}\`)`;
}

interface HomeRef {
  readonly chatId: string;
  readonly threadId?: string;
}
