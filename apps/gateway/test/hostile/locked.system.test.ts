import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { startBotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { startHermes } from "../cli/hermes.ts";
import { serve, serveHome, stop } from "../serve.ts";
import { crowd, crowdConfig } from "./crowd.ts";
import { token, untilReasons } from "./readiness.ts";

/** Another program that holds the database, until the test lets go. */
function hold(home: string): Sqlite.Database {
  const other = new Sqlite(join(home, "gateway/hermes.db"));
  onTestFinished(() => void other.close());
  other.exec("BEGIN EXCLUSIVE");
  return other;
}

it("A gateway whose database another program holds says so, loses nothing acknowledged, and goes on by itself afterwards", async () => {
  await using api = await startBotApiServer({ validate: false });
  const { hermes, home, url } = await serve({
    "config.yaml": crowdConfig(api),
    ".env": `TELEGRAM_BOT_TOKEN=${api.token}\nHERMES_TOKEN=${token}\n`,
  });
  const people = crowd(api, 10, 20);
  people.talk();
  await api.until(() => people.answered() > 0);
  const other = hold(home);
  people.talk();
  // Longer than a write waits.
  await untilReasons(url, (now) => now.includes("the store does not take writes: another program holds the database"));
  expect(api.updates.pending.length).toBeGreaterThan(0);
  people.talk();
  other.exec("ROLLBACK");
  await api.until(() => people.unanswered().length === 0);
  expect(people.repeated()).toEqual([]);
  await untilReasons(url, (now) => now.length === 0);
  await stop(hermes);
  expect(hermes.errors().match(/another program holds it/gu)).toHaveLength(1);
});

it("A gateway that is started meanwhile waits for a moment, and else ends with 75: later it may work", async () => {
  const { hermes, home } = await serve();
  await stop(hermes);
  const briefly = hold(home);
  const waiting = serveHome(home);
  setTimeout(() => briefly.close(), 1000);
  await stop((await waiting).hermes);
  hold(home);
  const refused = startHermes(["gateway", "run"], { home });
  expect(await refused.ended()).toBe(75);
  expect(refused.errors()).toMatch(/hermes\.db cannot be used: another program holds it; stop that program, .*\(store\.url\)/u);
});
