import { describe, expect, test } from "vitest";
import { telegram } from "../src/index.ts";
import { closeAfterEach } from "./closing.ts";
import { listen, lostBy, never, set } from "./listening-bot.ts";

closeAfterEach();

describe("polling", () => {
  test("stores what people say and moves the offset in the same commit", async () => {
    const setting = await set();
    const { server, host } = setting;
    server.say("one");
    server.say("two");
    await listen(setting);
    await server.until(() => server.updates.pending.length === 0 && server.updates.polling);
    expect(host.texts).toEqual(["one", "two"]);
    expect(host.cursors).toEqual([{ key: "offset:123456", value: 1002 }]);
    server.say("three");
    await server.until(() => server.updates.pending.length === 0 && server.updates.polling);
    expect(host.texts).toEqual(["one", "two", "three"]);
    expect(host.values.get("offset:123456")).toBe(1003);
    expect(server.violations).toEqual([]);
  });

  test("says that it is up once the first poll is answered, and that comes at once", async () => {
    const setting = await set();
    await listen(setting);
    await setting.server.until(() => setting.server.updates.polling);
    expect(setting.host.reports).toEqual(["up"]);
    expect(setting.server.callsOf("getUpdates").map((call) => call["timeout"])).toEqual([0, 40]);
  });

  test("asks for every kind of update it decodes, reactions among them", async () => {
    const setting = await set();
    await listen(setting);
    await setting.server.until(() => setting.server.updates.polling);
    expect(setting.server.callsOf("getUpdates")[0]?.["allowed_updates"]).toContain("message_reaction");
  });

  test("deletes a webhook before it begins, and drops nothing", async () => {
    const setting = await set();
    setting.server.webhook.set("https://example.com/hook", "s3cret");
    setting.server.say("while the webhook was set");
    await listen(setting);
    await setting.server.until(() => setting.server.updates.pending.length === 0);
    expect(setting.host.texts).toEqual(["while the webhook was set"]);
    expect(setting.server.callsOf("deleteWebhook")).toEqual([{ drop_pending_updates: false }]);
  });

  test("confirms nothing to Telegram that is not stored", async () => {
    const setting = await set();
    const { server, host, clock } = setting;
    const stored: string[] = [];
    let failures = 3;
    host.beforeAccept = (events) => {
      if (failures-- > 0) throw new Error("the disk is full");
      stored.push(...events.map((event) => event.eventId));
    };
    server.say("precious");
    await listen(setting);
    const waits = [await clock.skip(), await clock.skip(), await clock.skip()];
    await server.until(() => server.updates.pending.length === 0);
    expect(waits).toEqual([250, 500, 1000]);
    expect(stored).toEqual(["123456:1000"]);
    expect(host.reports).toEqual(["up", ...Array<string>(3).fill("degraded: Updates cannot be stored: Error"), "up"]);
  });

  test("gets what was not stored again after a crash, from the stored offset on", async () => {
    const first = await set();
    const { server, host } = first;
    first.server.say("stored");
    const before = await listen(first);
    await server.until(() => server.updates.pending.length === 0 && server.updates.polling);
    host.beforeAccept = () => {
      throw new Error("the process dies here");
    };
    server.say("not stored");
    await first.clock.waiting();
    expect(await before.stop()).toEqual({ reason: "requested" });
    expect(server.updates.pending.map((update) => update.update_id)).toEqual([1001]);

    host.beforeAccept = () => undefined;
    await listen({ ...first, platform: telegram({ token: server.token, apiRoot: server.apiRoot }) });
    await server.until(() => server.updates.pending.length === 0 && server.updates.polling);
    expect(host.texts).toEqual(["stored", "not stored"]);
  });

  test("begins anew under another bot, whose numbers are its own", async () => {
    const setting = await set();
    setting.host.values.set("offset:99", 5_000_000);
    setting.server.say("hello");
    await listen(setting);
    await setting.server.until(() => setting.server.updates.pending.length === 0);
    expect(setting.host.texts).toEqual(["hello"]);
  });

  test("is not stopped by poison: it is stored as undecodable, and the offset moves", async () => {
    const setting = await set();
    const { server, host } = setting;
    server.updates.pushRaw({ update_id: 998, message: "poison" } as never);
    server.updates.pushRaw("more poison" as never);
    server.updates.pushRaw({ update_id: 999 });
    server.say("after it");
    await listen(setting);
    await server.until(() => server.updates.polling);
    expect(host.events.map((event) => (event.type === "other" ? event.undecodable : event.type))).toContain(true);
    expect(host.texts).toContain("after it");
    expect(server.updates.pending).toEqual([]);
  });

  test("comes back when nothing in a batch has a number, since it would come again for ever", async () => {
    const setting = await set();
    setting.server.updates.pushRaw("poison" as never);
    const { ended } = await listen(setting);
    expect(await lostBy(ended)).toBe("invalid");
  });

  test("comes back as requested once the poll under way has really ended", async () => {
    const setting = await set();
    const { server } = setting;
    const { stop } = await listen(setting);
    await server.until(() => server.updates.polling);
    expect(await stop()).toEqual({ reason: "requested" });
    await server.until(() => server.underWay === 0);
    const successor = await listen(setting);
    await server.until(() => server.updates.polling);
    expect(await successor.stop()).toEqual({ reason: "requested" });
  });

  test("comes back as lost when another poller takes over", async () => {
    const setting = await set();
    const { ended } = await listen(setting);
    await setting.server.until(() => setting.server.updates.polling);
    const other = await fetch(`${setting.server.apiRoot}/bot${setting.server.token}/getUpdates`);
    expect(other.status).toBe(200);
    expect(await lostBy(ended)).toBe("conflict");
  });

  test("comes back as lost when the token is revoked", async () => {
    const setting = await set();
    setting.server.fail("getUpdates", { type: "error", code: 401, description: "Unauthorized" });
    const { ended } = await listen(setting);
    expect(await lostBy(ended)).toBe("unauthorized");
  });

  test("waits as long as Telegram asks for", async () => {
    const setting = await set();
    setting.server.fail("getUpdates", { type: "rate-limit", retryAfter: 17 });
    await listen(setting);
    expect(await setting.clock.skip()).toBe(17_000);
    await setting.server.until(() => setting.server.updates.polling);
    expect(setting.host.reports).toEqual(["degraded: [telegram] Cannot get updates: rate limited, retry after 17 s", "up"]);
  });

  test("leaves it to the supervisor to wait for longer than a minute", async () => {
    const setting = await set();
    setting.server.fail("getUpdates", { type: "rate-limit", retryAfter: 61 });
    const { ended } = await listen(setting);
    expect(await lostBy(ended)).toBe("rate-limited");
  });

  test("says that it is up with each poll that is answered, as it promises", async () => {
    const setting = await set();
    await listen(setting);
    await setting.server.until(() => setting.server.updates.polling);
    const said = setting.host.reports.length;
    setting.server.say("one");
    await setting.server.until(() => setting.server.updates.polling && setting.host.texts.length === 1);
    expect(setting.host.reports).toEqual(Array.from({ length: said + 1 }, () => "up"));
    const connection = await setting.platform.connect(setting.host, never);
    expect(connection.reportsEveryMs).toBe(60_000);
    await connection.disconnect();
  });

  test("bears three failures of the network or the server, and leaves more to the supervisor", async () => {
    const setting = await set();
    const { server, clock } = setting;
    server.fail("getUpdates", { type: "drop", when: "before" });
    server.fail("getUpdates", { type: "raw", status: 502, body: "<html>Bad Gateway</html>" });
    server.fail("getUpdates", { type: "error", code: 500, description: "Internal Server Error" });
    const { ended } = await listen(setting);
    expect([await clock.skip(), await clock.skip(), await clock.skip()]).toEqual([1000, 2000, 4000]);
    await server.until(() => server.updates.polling);
    server.fail("getUpdates", { type: "error", code: 500, description: "Internal Server Error" }, 4);
    server.say("ends the poll under way");
    for (let count = 0; count < 3; count++) await clock.skip();
    expect(await lostBy(ended)).toBe("unavailable");
  });

  test("stops while it waits", async () => {
    const setting = await set();
    setting.server.fail("getUpdates", { type: "rate-limit", retryAfter: 60 });
    const { stop } = await listen(setting);
    await setting.clock.waiting();
    expect(await stop()).toEqual({ reason: "requested" });
  });

  test("comes back as lost when the offset cannot be read", async () => {
    const setting = await set();
    const connection = await setting.platform.connect(setting.host, never);
    setting.host.memory.get = () => Promise.reject(new Error("the store is closed"));
    expect(await connection.listen?.(never)).toMatchObject({ reason: "lost", error: { message: "the store is closed" } });
    await connection.disconnect();
  });
});
