import { describe, expect, it, onTestFinished } from "vitest";
import { startBotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { run } from "./ledger-house.ts";
import { anyPort, serve, stop } from "./serve.ts";
import { ada, fetchOwn, startTwoBots, told } from "./two-bots.ts";

describe("A bot whose token is revoked while it runs", () => {
  it("stops, its operator is told on another bot, and it comes back when it is resumed", async () => {
    const bots = await startTwoBots();
    const { hermes, home, main, work } = bots;
    work.fail("getUpdates", { type: "error", code: 401, description: "Unauthorized" });
    work.say("hello");
    await main.until(() => told(bots).length === 1);
    expect(told(bots)[0]).toMatch(/^work has stopped[^]*the token is wrong or revoked[^]*\/platform resume work/u);
    expect((await run(home, "platform", "list")).output).toMatch(
      /^work +failed .*\n[^]*^work: Cannot get updates: .*the token is wrong or revoked/mu,
    );
    expect(await (await fetchOwn(bots, "/readyz")).json()).toMatchObject({ reasons: ["work has failed"] });
    main.say("/platform resume work");
    await work.until(() => work.texts(ada, "bot").length === 1);
    expect(work.texts(ada, "bot")).toEqual(["echo: hello"]);
    await main.until(() => told(bots).length === 2);
    expect(told(bots)[1]).toBe("work is being connected.");
    expect(hermes.errors()).not.toContain("FAKE-TOKEN");
    await stop(hermes);
  });
});

describe("A bot that another program polls, too", () => {
  it("waits at least two minutes, and says for what", async () => {
    const bots = await startTwoBots();
    const { hermes, home, work } = bots;
    const calls = work.calls.length;
    work.updates.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running");
    const line = await hermes.errorLine(/\[work\].*Another program listens with the same credentials/u);
    expect(Number(/Trying again in (\d+)/u.exec(line)?.[1])).toBeGreaterThanOrEqual(120);
    expect((await run(home, "platform", "list")).output).toMatch(/^work +waiting .* in 2 min +.*Another program listens/mu);
    expect(work.calls.length).toBe(calls);
    work.say("still there?");
    await run(home, "platform", "resume", "work");
    await work.until(() => work.texts(ada, "bot").length === 1);
    await stop(hermes);
  });
});

describe("Whoever looks after the gateway in a chat", () => {
  it("sees how each platform is, but cannot pause the one they write on", async () => {
    const bots = await startTwoBots();
    const { hermes, home, main } = bots;
    expect((await run(home, "platform", "pause", "work")).output).toBe("work is paused.");
    main.say("/platforms");
    await main.until(() => told(bots).length === 1);
    expect(told(bots)[0]).toMatch(
      /^main \(hermes_test_bot\): connected for \d+ s\n[^]*\nwork \(work_bot\): paused for \d+ s\n[^]*\nweb/u,
    );
    main.say("/platform pause main");
    await main.until(() => told(bots).length === 2);
    expect(told(bots)[1]).toContain("You are writing on main");
    await stop(hermes);
  });
});

describe("A paused bot with a webhook", () => {
  it("takes nothing, says when to come again, and tells how often that was", async () => {
    const api = await startBotApiServer({ token: "123456:FAKE-TOKEN-FOR-TESTS" });
    onTestFinished(() => api.close());
    const { hermes, home, url } = await serve({
      "config.yaml": `${anyPort}platforms: { telegram: { token: "${api.token}", apiRoot: "${api.apiRoot}", mode: webhook, webhook: { secret: the-webhook-secret }, access: { allow: [${ada}] } } }\n`,
    });
    const post = (): Promise<Response> =>
      fetch(`${url}/webhooks/telegram`, {
        method: "POST",
        headers: { "x-telegram-bot-api-secret-token": "the-webhook-secret", "content-type": "application/json" },
        body: JSON.stringify({ update_id: 1 }),
      });
    await hermes.errorLine(/\[telegram\] Connected/u);
    expect((await post()).status).toBe(200);
    await run(home, "platform", "pause", "telegram");
    for (const _ of [1, 2]) {
      const response = await post();
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "120"]);
    }
    expect((await run(home, "platform", "list")).output).toMatch(/^telegram +paused .*2 turned away/mu);
    expect(await (await fetchOwn({ url, home }, "/metrics")).text()).toContain(
      'hermes_requests_turned_away{platform="telegram"} 2',
    );
    await stop(hermes);
  });
});
