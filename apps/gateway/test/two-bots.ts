import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startBotApiServer, type BotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { anyPort, serveHome } from "./serve.ts";
import type { Hermes } from "./cli/hermes.ts";
import { openLink, type SwitchableLink } from "./switchable-link.ts";
import { temporaryHome } from "./temporary-home.ts";

export const ada = 42;

/** A gateway with a bot that works, where its operator is told, and a bot whose way to Telegram can be cut. */
export interface TwoBots {
  readonly hermes: Hermes;
  readonly home: string;
  readonly url: string;
  readonly main: BotApiServer;
  readonly work: BotApiServer;
  readonly link: SwitchableLink;
}

/** Starts it with real processes and sockets; Ada has said `/sethome` to the first bot. */
export async function startTwoBots(more = ""): Promise<TwoBots> {
  const [main, work] = await Promise.all([
    startBotApiServer({ token: "123456:FAKE-TOKEN-FOR-TESTS" }),
    startBotApiServer({ token: "654321:FAKE-TOKEN-FOR-TESTS", username: "work_bot" }),
  ]);
  onTestFinished(async () => void (await Promise.all([main.close(), work.close()])));
  const link = await openLink(work.apiRoot);
  const bot = (server: BotApiServer, apiRoot: string): string =>
    `{ use: telegram, token: "${server.token}", apiRoot: "${apiRoot}", access: { allow: [${ada}] } }`;
  const home = await temporaryHome({
    "config.yaml": `${anyPort}${more}platforms:\n  main: ${bot(main, main.apiRoot)}\n  work: ${bot(work, link.url)}\n`,
  });
  const { hermes, url } = await serveHome(home);
  await Promise.all([main.until(() => main.updates.polling), work.until(() => work.updates.polling)]);
  main.say("/sethome");
  await main.until(() => main.texts(ada, "bot").length === 1);
  return { hermes, home, url, main, work, link };
}

/** What the operator was told, without the answer to `/sethome`. */
export function told({ main }: Pick<TwoBots, "main">): readonly string[] {
  return main.texts(ada, "bot").slice(1);
}

/** What a door of the gateway answers to its owner. */
export async function fetchOwn({ url, home }: Pick<TwoBots, "url" | "home">, path: string): Promise<Response> {
  const token = await readFile(join(home, "gateway", "token"), "utf8");
  return await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token.trim()}` } });
}
