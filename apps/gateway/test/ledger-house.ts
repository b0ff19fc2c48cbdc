import type { Delivery, EventRecord, Page } from "@hermes/protocol";
import { expect, onTestFinished } from "vitest";
import { startBotApiServer, type BotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { startHermes } from "./cli/hermes.ts";
import { anyPort } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

const token = "123456:FAKE-TOKEN-FOR-TESTS";
export const ada = 42;

/** A home with a bot on Telegram's loopback server. */
export interface House {
  readonly api: BotApiServer;
  readonly home: string;
}

/** A home with a bot on Telegram's loopback server that lets Ada in. */
export async function house(allow = `[${ada}]`): Promise<House> {
  const api = await startBotApiServer({ token });
  onTestFinished(() => api.close());
  const platform = `telegram: { apiRoot: "${api.apiRoot}", access: { allow: ${allow} } }`;
  const home = await temporaryHome({
    "config.yaml": `${anyPort}platforms: { ${platform} }\n`,
    ".env": `TELEGRAM_BOT_TOKEN=${token}\n`,
  });
  return { api, home };
}

/** What `hermes` says, and its exit code. */
export async function run(home: string, ...parts: readonly string[]) {
  const hermes = startHermes(parts, { home, input: "" });
  return { code: await hermes.ended(), output: hermes.output(), errors: hermes.errors() };
}

/** What `hermes … --json` answers. */
export async function asked<Answer>(home: string, ...parts: readonly string[]): Promise<Answer> {
  const { code, output, errors } = await run(home, ...parts, "--json");
  expect([code, errors]).toEqual([0, ""]);
  return JSON.parse(output) as Answer;
}

export const deliveries = (home: string, ...filters: readonly string[]): Promise<Page<Delivery>> =>
  asked(home, "deliveries", "list", ...filters);
export const events = (home: string, ...filters: readonly string[]): Promise<Page<EventRecord>> =>
  asked(home, "events", "list", ...filters);

/** Asks until the newest delivery stands there: what a platform has seen may not be written down yet. */
export async function untilNewest(home: string, state: Delivery["state"]): Promise<Delivery> {
  for (;;) {
    const [newest] = (await deliveries(home, "--platform", "telegram")).rows;
    if (newest?.state === state) return newest;
  }
}
