import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { startBotApiServer, type BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { startHermes, type Hermes } from "../cli/hermes.ts";
import { anyPort } from "../serve.ts";
import { temporaryHome } from "../temporary-home.ts";

export const ada = 42;
const token = "123456:FAKE-TOKEN-FOR-TESTS";
const program = fileURLToPath(new URL("slow-gateway.ts", import.meta.url));

/** A home with a bot on Telegram's loopback server that Ada looks after. */
export interface RestartHouse {
  readonly api: BotApiServer;
  readonly home: string;
  /** What the bot has said to Ada. */
  readonly texts: () => readonly string[];
  /** A gateway that is ready and connected. */
  readonly serve: () => Promise<Hermes>;
}

/** `restart`: what stands under that key of the configuration. */
export async function restartHouse(restart = "{}", platformKeys = ""): Promise<RestartHouse> {
  const api = await startBotApiServer({ token });
  onTestFinished(() => api.close());
  const platform = `telegram: { apiRoot: "${api.apiRoot}", access: { allow: [${ada}] }, drafts: false${platformKeys} }`;
  const home = await temporaryHome({
    "config.yaml": `${anyPort}restart: ${restart}\nplatforms: { ${platform} }\n`,
    ".env": `TELEGRAM_BOT_TOKEN=${token}\n`,
  });
  return {
    api,
    home,
    texts: () => api.texts(ada, "bot"),
    async serve() {
      const hermes = startHermes([], { home, program });
      await hermes.line(/ready/u);
      await hermes.errorLine(/Connected as/u);
      return hermes;
    },
  };
}

/** What an answer says that counts so far. */
export const counted = (to: number): string => `${Array.from({ length: to }, (_, index) => index + 1).join(" ")} done`;

/** A gateway in the middle of an answer. */
export async function counting(house: RestartHouse, to: number): Promise<Hermes> {
  const hermes = await house.serve();
  house.api.say(`count ${to}`);
  await house.api.until(() => house.texts().some((text) => text.startsWith("1 ")));
  return hermes;
}
