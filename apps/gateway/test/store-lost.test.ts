import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { startBotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { anyPort, serveHome } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

it("A gateway whose store somebody else has taken over ends with code 78, and acknowledges nothing it did not keep", async () => {
  await using api = await startBotApiServer();
  const config = `${anyPort}platforms: { telegram: { apiRoot: "${api.apiRoot}", access: { allow: [42] } } }\n`;
  const home = await temporaryHome({ "config.yaml": config, ".env": `TELEGRAM_BOT_TOKEN=${api.token}\n` });
  const { hermes } = await serveHome(home);
  await hermes.errorLine(/\[telegram\] Connected as/u);
  const other = new Sqlite(join(home, "gateway/hermes.db"));
  other.prepare("UPDATE meta SET value = value + 1 WHERE key = 'fence'").run();
  other.close();
  api.say("hello");
  expect(await hermes.ended()).toBe(78);
  expect(hermes.errors()).toMatch(/another gateway has taken it over/u);
  expect(api.texts(42, "bot")).toEqual([]);
  const next = await serveHome(home);
  await api.until(() => api.texts(42, "bot").length > 0);
  expect(api.texts(42, "bot")).toEqual(["echo: hello"]);
  next.hermes.process.kill("SIGTERM");
  await next.hermes.ended();
});
