import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { person, startBotApiServer, type BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { startHermes, type Hermes } from "../cli/hermes.ts";
import { anyPort } from "../serve.ts";
import { temporaryHome } from "../temporary-home.ts";

/** A message as the server keeps it. */
export type Message = ReturnType<BotApiServer["say"]>;

export const ada = person(42, "Ada");
export const bob = person(7, "Bob");
const token = "123456:FAKE-TOKEN-FOR-TESTS";
const program = fileURLToPath(new URL("showing-gateway.ts", import.meta.url));

/** A home with a bot on Telegram's loopback server that lets Ada and Bob in, with all defaults but the moment of waiting for more. */
export interface ShowingHouse {
  readonly api: BotApiServer;
  readonly home: string;
  /** What the bot has sent to Ada, oldest first. */
  readonly sent: () => readonly Message[];
  /** A gateway that is ready and connected. */
  readonly serve: () => Promise<Hermes>;
}

/** Opens such a house; `prepare` is done to the server before anybody calls it. */
export async function showingHouse(prepare: (api: BotApiServer) => void = () => undefined): Promise<ShowingHouse> {
  const api = await startBotApiServer({ token });
  onTestFinished(() => api.close());
  prepare(api);
  const platform = `telegram: { apiRoot: "${api.apiRoot}", access: { allow: [${ada.id}, ${bob.id}] }, burst: { windowMs: 150 } }`;
  const home = await temporaryHome({
    "config.yaml": `${anyPort}platforms: { ${platform} }\n`,
    ".env": `TELEGRAM_BOT_TOKEN=${token}\n`,
  });
  return {
    api,
    home,
    sent: () => sentTo(api, ada.id),
    async serve() {
      const hermes = startHermes([], { home, program });
      await hermes.errorLine(/Connected as/u);
      return hermes;
    },
  };
}

/** What the bot has sent to a chat, oldest first. */
export function sentTo(api: BotApiServer, chatId: number): readonly Message[] {
  return [...(api.world.chats.get(chatId)?.messages.values() ?? [])].filter(({ from }) => from?.id === api.bot.id);
}
