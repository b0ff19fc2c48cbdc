import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { startTwo, stopTwo, type TwoPlatforms } from "./two-platforms.ts";

const minuteMs = 60_000;

/** What is answered to a command of whoever looks after the gateway. */
async function ask({ home, clock }: TwoPlatforms, text: string, userId = "7"): Promise<string> {
  await home.says(text, { chatId: `asks ${userId}`, userId });
  await clock.advance(1000);
  return home.texts(`asks ${userId}`).at(-1) ?? "";
}

describe("/platform list", () => {
  it.each(["/platform", "/platform list", "/platforms", "/platforms list"])("tells how each platform is: %s", async (command) => {
    const bench = await startTwo();
    await bench.broken.says("hello");
    await bench.clock.advance(3 * minuteMs);
    const answer = await ask(bench, command);
    expect(answer.split("\n\n")).toEqual([
      [
        "**broken** (bot): connected for 3 min",
        "- connection: up, last word 3 min ago",
        "- came in: 1, last 3 min ago",
        "- went out: 1, last 3 min ago",
      ].join("\n"),
      expect.stringMatching(/^\*\*home\*\* \(bot\): connected for 3 min\n/u),
    ]);
    await stopTwo(bench);
  });

  it("tells why one is off, how often it failed, and when it is tried again", async () => {
    const bench = await startTwo({ isDown: true, supervision: { failures: 2 } });
    await bench.clock.advance(minuteMs);
    const [broken = ""] = (await ask(bench, "/platform list")).split("\n\n");
    expect(broken.split("\n").slice(0, 4)).toEqual([
      expect.stringMatching(/^\*\*broken\*\*: off, after too many failures for \d+ (?:s|min)$/u),
      "- `connect was scripted to fail`",
      "- next attempt in 4 min",
      "- 2 failures in a row",
    ]);
    await stopTwo(bench);
  });

  it("says that one waits for a person, is on probation, may be dead, was replaced, or turned something away", async () => {
    const manual = await startTwo({ isDown: true, supervision: { failures: 1, resume: "manual" } });
    expect(await ask(manual, "/platforms")).toContain("- until it is resumed by hand");
    manual.broken.mend();
    await manual.gateway.resume("broken");
    await settle();
    expect(await ask(manual, "/platforms")).toContain("- on probation after an outage");
    manual.broken.fail(...Array.from({ length: 4 }, () => ({ on: "send", failure: { kind: "unavailable" } }) as const));
    await manual.broken.says("hello");
    await manual.clock.advance(10_000);
    expect(await ask(manual, "/platforms")).toMatch(
      /- may no longer be alive: 4 calls[^]*- calls that failed: 4, last \d+ s ago/u,
    );
    await manual.gateway.pause("broken");
    await settle();
    for (const _ of [1, 2]) {
      const response = await manual.gateway.fetch(new Request("http://localhost/webhooks/broken", { method: "POST", body: "x" }));
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "120"]);
    }
    expect(await ask(manual, "/platforms")).toContain("- turned away: 2, last 0 s ago");
    expect(manual.status().turnedAway).toMatchObject({ count: 2 });
    await manual.gateway.resume("broken");
    await manual.gateway.pause("broken");
    expect(manual.status().turnedAway).toBeUndefined();
    await stopTwo(manual);
  });

  it("speaks Chinese where the gateway does", async () => {
    const bench = await startTwo({ language: "zh-CN", isDown: true, supervision: { failures: 1 } });
    expect(await ask(bench, "/platforms")).toContain("失败次数过多，已断开");
    await bench.clock.advance(minuteMs);
    expect(bench.home.texts("operators").at(-1)).toContain("**broken** 已断开：连续 1 次尝试失败。");
    await stopTwo(bench);
  });
});

describe("/platform pause and /platform resume", () => {
  it("disconnect another platform, and connect it again", async () => {
    const bench = await startTwo();
    expect(await ask(bench, "/platform pause broken")).toContain("broken is paused. `/platform resume broken`");
    expect(bench.status().condition).toEqual({ state: "paused" });
    expect(await ask(bench, "/platform pause broken")).toBe("broken is paused already.");
    expect(await ask(bench, "/platform resume broken")).toBe("broken is being connected.");
    expect(bench.status().condition.state).toBe("up");
    expect(await ask(bench, "/platform resume broken")).toBe("broken is connected already, or on its way.");
    await stopTwo(bench);
  });

  it("do not cut off the branch one sits on, nor a door of the gateway itself", async () => {
    const bench = await startTwo({ broken: createScriptedPlatform({ style: "own", id: "broken" }) });
    expect(await ask(bench, "/platform pause home")).toContain("You are writing on home");
    expect(await ask(bench, "/platform pause broken")).toContain("broken is a door of the gateway itself");
    expect(bench.gateway.status().platforms.map(({ condition }) => condition.state)).toEqual(["up", "up"]);
    await stopTwo(bench);
  });

  it("say how they are written, and which names there are", async () => {
    const bench = await startTwo();
    for (const text of ["/platform pause", "/platform stop broken", "/platform pause a b", "/platform list broken"])
      expect(await ask(bench, text), text).toContain("The names are `broken`, `home`.");
    expect(await ask(bench, "/platform pause br`oken")).toContain("There is no platform `br oken`");
    await stopTwo(bench);
  });

  it("are for those alone who look after the gateway", async () => {
    const bench = await startTwo();
    expect(await ask(bench, "/platform pause broken", "9")).toBe("/platform is for those who look after this gateway.");
    expect(bench.status().condition.state).toBe("up");
    await stopTwo(bench);
  });
});

describe("Supervision that cannot be meant", () => {
  it.each([
    [{ failures: 0 }, "supervision.failures"],
    [{ failures: 1.5 }, "supervision.failures"],
    [{ connectTimeoutMs: { a: -1 } }, "supervision.connectTimeoutMs.a"],
  ])("is refused: %j", async (supervision, message) => {
    await expect(startTwo({ supervision })).rejects.toThrow(message);
  });
});
