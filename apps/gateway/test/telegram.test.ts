import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startBotApiServer, type BotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { anyPort, serve, serveHome, stop } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

const token = "123456:FAKE-TOKEN-FOR-TESTS";
const ada = 42;

async function botApi(): Promise<BotApiServer> {
  const server = await startBotApiServer({ token });
  onTestFinished(() => server.close());
  return server;
}

function config(api: BotApiServer, more = "", platformKeys = ""): string {
  return `${anyPort}${more}platforms: { telegram: { apiRoot: "${api.apiRoot}", access: { allow: [${ada}] }${platformKeys} } }\n`;
}

describe("a message on Telegram", () => {
  it("is answered over polling, with nothing but the token in the environment and who is let in", async () => {
    const api = await botApi();
    const home = await temporaryHome({ "config.yaml": config(api), ".env": `TELEGRAM_BOT_TOKEN=${token}\n` });
    const { hermes } = await serveHome(home);
    expect(hermes.output()).toMatch(/ready at http:\S+ \(telegram, web\)/u);
    api.say("hello");
    await api.until(() => api.texts(ada, "bot").length > 0);
    expect(api.texts(ada, "bot")).toEqual(["echo: hello"]);
    await stop(hermes);
    expect(hermes.errors()).not.toContain("FAKE-TOKEN");
  });

  it("is answered over a webhook whose secret is right, and not otherwise", async () => {
    const api = await botApi();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/webhooks/telegram`;
    const keys = `, mode: webhook, webhook: { secret: the-webhook-secret, url: "${url}" }`;
    const home = await temporaryHome({ "config.yaml": config(api, "", keys).replace("port: 0", `port: ${port}`) });
    const { hermes } = await serveHome(home, { TELEGRAM_BOT_TOKEN: token });
    const forged = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    expect(forged.status).toBeGreaterThanOrEqual(400);
    await api.until(() => api.callsOf("setWebhook").length > 0);
    api.say("hello");
    await api.until(() => api.texts(ada, "bot").length > 0);
    expect(api.texts(ada, "bot")).toEqual(["echo: hello"]);
    await stop(hermes);
  });

  it("that arrives while the gateway is killed is answered after the next start, and what may be said twice is marked", async () => {
    const api = await botApi();
    const home = await temporaryHome({ "config.yaml": config(api) });
    const first = await serveHome(home, { TELEGRAM_BOT_TOKEN: token });
    api.say("one");
    await api.until(() => api.texts(ada, "bot").length === 1);
    first.hermes.process.kill("SIGKILL");
    await first.hermes.ended();
    api.say("two");
    const second = await serveHome(home, { TELEGRAM_BOT_TOKEN: token });
    await api.until(() => api.texts(ada, "bot").includes("echo: two"));
    // The kill may have come before the first answer was known to be sent.
    const unmarked = api.texts(ada, "bot").filter((text) => !text.startsWith("(This may be a repetition.)"));
    expect(unmarked).toEqual(["echo: one", "echo: two"]);
    await stop(second.hermes);
  });

  it("of somebody who is not let in is not answered", async () => {
    const api = await botApi();
    const home = await temporaryHome({ "config.yaml": `${anyPort}platforms: { telegram: { apiRoot: "${api.apiRoot}" } }\n` });
    const { hermes } = await serveHome(home, { TELEGRAM_BOT_TOKEN: token, HERMES_LOG_LEVEL: "debug" });
    expect(await hermes.errorLine(/Nobody is let in yet/u)).toContain("platforms.telegram.access.allow");
    api.say("let me in");
    await hermes.errorLine(/refuse by not-allowed/u);
    expect(api.texts(ada, "bot")).toEqual([]);
    expect(hermes.errors()).not.toContain("let me in");
  });
});

describe("a Telegram bot", () => {
  it("with a wrong token has failed, says so, and leaves the rest running", async () => {
    const api = await botApi();
    const home = await temporaryHome({ "config.yaml": config(api) });
    const { hermes, url } = await serveHome(home, {
      TELEGRAM_BOT_TOKEN: "123456:WRONG-TOKEN-FOR-TESTS",
      HERMES_TOKEN: "a-token-for-tests-only",
    });
    await hermes.errorLine(/\[telegram\].*stays off/u);
    const response = await fetch(`${url}/readyz`, { headers: { authorization: "Bearer a-token-for-tests-only" } });
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ reasons: ["telegram has failed"] }),
    ]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(hermes.errors()).not.toContain("WRONG-TOKEN");
    await stop(hermes);
  });

  it("that another home uses already is blocked, and the loser is told who that is", async () => {
    const api = await botApi();
    const first = await serve({ "config.yaml": config(api), ".env": `TELEGRAM_BOT_TOKEN=${token}\n` });
    await first.hermes.errorLine(/Connected as/u);
    const home = await temporaryHome({ "config.yaml": config(api) });
    const environment = { TELEGRAM_BOT_TOKEN: token, HERMES_LOCK_DIR: `${first.home}/locks` };
    const second = await serveHome(home, environment);
    const line = await second.hermes.errorLine(/Another gateway uses this bot/u);
    expect(line).toContain(`gateway with pid ${first.hermes.process.pid} for ${first.home}`);
    expect((await fetch(`${second.url}/readyz`)).status).toBe(503);
    await stop(second.hermes);
    await stop(first.hermes);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
