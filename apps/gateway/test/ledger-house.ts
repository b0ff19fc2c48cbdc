import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient, type Client, type Delivery, type EventRecord, type Page } from "@hermes/protocol";
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

/** The gateway that serves a home, asked as a program would ask it. */
async function clientOf(home: string): Promise<Client> {
  const note = JSON.parse(await readFile(join(home, "gateway", "gateway.lock.json"), "utf8")) as { readonly url: string };
  const bearer = (await readFile(join(home, "gateway", "token"), "utf8")).trim();
  const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
  return createClient({
    async send(request) {
      const response = await fetch(`${note.url}/rpc`, { method: "POST", headers, body: JSON.stringify(request) });
      return await response.json();
    },
  });
}

/** Asks until the newest delivery stands there: what a platform has seen may not be written down yet. */
export async function untilNewest(home: string, state: Delivery["state"]): Promise<Delivery> {
  const client = await clientOf(home);
  for (;;) {
    const [newest] = (await client.call("deliveries.list", { platform: "telegram", limit: 1 })).rows;
    if (newest?.state === state) return newest;
  }
}

/** Asks until somebody was refused. */
export async function untilRefused(home: string): Promise<void> {
  const client = await clientOf(home);
  while ((await client.call("events.list", { verdict: "refuse" })).rows.length === 0);
}
