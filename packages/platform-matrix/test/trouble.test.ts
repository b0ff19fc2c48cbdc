import { describe, expect, test } from "vitest";
import { hear, listen, listening, set } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";

closeAfterEach();

describe("While the homeserver is in trouble, the bot", () => {
  test.each([404, 401, 405])(
    "does not take a proxy's page with %i for the homeserver's word, and loses nothing",
    async (status) => {
      const setting = await set();
      const { server, clock, direct, ada } = setting;
      const before = await listening(setting);
      await hear(setting, before, direct, "the first");
      await before.stop();
      server.say(direct, ada.userId, "while it was away");
      server.fail("sync", { type: "error", status, body: "<html>Not here</html>", headers: { "content-type": "text/html" } });
      const life = await listen(setting, before.host);
      expect(await clock.skip()).toBe(1000);
      await life.until(() => life.host.texts.includes("while it was away"));
    },
  );

  test.each([
    ["may not be read", { type: "error", status: 403, body: { errcode: "M_FORBIDDEN", error: "Not allowed" } } as const, 0],
    ["cannot be read for long", { type: "error", status: 500, body: { errcode: "M_UNKNOWN", error: "Oops" } } as const, 4],
  ])("goes on without what %s of one room, and says so", async (_what, fault, waits) => {
    const setting = await set();
    const { server, ada, club, direct, clock } = setting;
    const before = await listening(setting);
    await hear(setting, before, direct, "the first");
    await before.stop();
    for (let count = 0; count < 80; count += 1) server.say(club, ada.userId, `busy ${count}`);
    server.say(direct, ada.userId, "in private");
    server.fail("messages", fault, 10);
    const life = await listen(setting, before.host);
    for (let count = 0; count < waits; count += 1) await clock.skip();
    await life.until(() => life.host.texts.includes("in private"));
    expect(life.host.texts).toContain("busy 79");
    expect(life.host.logs.some((line) => line.includes("cannot be read back, and is not heard"))).toBe(true);
  });

  test("does not ask as fast as it goes where every answer comes at once with nothing in it", async () => {
    const setting = await set();
    const life = await listening(setting);
    const { server, clock } = setting;
    await server.until(() => server.isPolled);
    for (let count = 0; count < 25 && clock.pending === 0; count += 1) {
      const asked = server.requestsOf("sync").length;
      server.lapse();
      await expect
        .poll(() => (server.isPolled && server.requestsOf("sync").length > asked) || clock.pending > 0, { interval: 2 })
        .toBe(true);
    }
    expect(await clock.skip()).toBe(1000);
    await hear(setting, life, setting.direct, "all the same");
  });

  test.each([
    [
      "a server error",
      { type: "error", status: 502, body: "<html>Bad Gateway</html>", headers: { "content-type": "text/html" } } as const,
    ],
    ["a broken connection", { type: "drop", when: "before" } as const],
    ["bytes that mean nothing", { type: "garbage" } as const],
    ["an answer that is cut", { type: "cut", afterBytes: 20 } as const],
  ])("tries again after %s, says so, and loses nothing", async (_name, fault) => {
    const setting = await set();
    const { server, clock, direct, ada } = setting;
    const life = await listening(setting);
    await server.until(() => server.isPolled);
    server.fail("sync", fault, 2);
    server.say(direct, ada.userId, "the first");
    await life.until(() => life.host.texts.includes("the first"));
    // Some of these are answered late: their time is over as soon as they are there.
    await expect.poll(() => server.isPolled || clock.pending > 0).toBe(true);
    server.lapse();
    expect([await clock.skip(), await clock.skip()]).toEqual([1000, 2000]);
    server.say(direct, ada.userId, "in trouble");
    await life.until(() => life.host.texts.includes("in trouble"));
    await life.until(() => life.host.reports.at(-1) === "up");
    expect(life.host.texts).toEqual(["the first", "in trouble"]);
    expect(life.host.reports.some((report) => report.startsWith("resuming: [matrix] Cannot ask for what is new"))).toBe(true);
  });

  test("leaves it to the supervisor when that lasts", async () => {
    const setting = await set();
    const life = await listen(setting);
    await life.until(() => life.host.reports.includes("up"));
    await setting.server.close();
    const waits: number[] = [];
    for (let count = 0; count < 5; count += 1) waits.push(await setting.clock.skip());
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(await life.ended).toMatchObject({ reason: "lost", error: { failure: { kind: "unavailable" } } });
  });

  test("waits as long as a rate limit says", async () => {
    const setting = await set();
    const life = await listening(setting);
    await setting.server.until(() => setting.server.isPolled);
    setting.server.fail("sync", {
      type: "error",
      status: 429,
      body: { errcode: "M_LIMIT_EXCEEDED", error: "x", retry_after_ms: 7000 },
      headers: { "retry-after": "7" },
    });
    setting.server.lapse();
    expect(await setting.clock.skip()).toBe(7000);
    await hear(setting, life, setting.direct, "after the limit");
  });

  test("ends as unauthorized when its session is ended for good", async () => {
    const setting = await set();
    const life = await listening(setting);
    await setting.server.until(() => setting.server.isPolled);
    setting.server.sessions.endAll(setting.server.bot.userId, false);
    setting.server.lapse();
    expect(await life.ended).toMatchObject({ reason: "lost", error: { failure: { kind: "unauthorized" } } });
  });

  test("keeps what cannot be stored and offers it again, and asks for nothing meanwhile", async () => {
    const setting = await set();
    const { server, clock, direct, ada } = setting;
    const life = await listening(setting);
    let refusals = 3;
    life.host.beforeAccept = () => {
      if (refusals-- > 0) throw new Error("the disk is full");
    };
    server.say(direct, ada.userId, "keep me");
    const asked = server.requestsOf("sync").length;
    expect([await clock.skip(), await clock.skip(), await clock.skip()]).toEqual([250, 500, 1000]);
    await life.until(() => life.host.texts.includes("keep me"));
    expect(server.requestsOf("sync").length).toBeLessThanOrEqual(asked + 1);
    expect(life.host.reports).toContain("degraded: Events cannot be stored: Error");
  });

  test("ends at once while it waits for anything, and leaves nothing behind", async () => {
    const setting = await set();
    const life = await listening(setting);
    await setting.server.until(() => setting.server.isPolled);
    setting.server.fail("sync", { type: "drop", when: "before" });
    setting.server.lapse();
    await life.until(() => life.host.reports.some((report) => report.startsWith("resuming")));
    expect(await life.stop()).toEqual({ reason: "requested" });
    expect(setting.clock.pending).toBe(0);
    await life.connection.disconnect();
    await setting.server.until(() => setting.server.connections === 0);
  });
});
