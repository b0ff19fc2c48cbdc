import { describe, expect, it } from "vitest";
import { load, loadFailure, warningsOf } from "./load.ts";

describe("What becomes of messages that come meanwhile, or came while a platform was away", () => {
  it("has defaults", async () => {
    const { settings } = await load({});
    expect(settings.busy).toEqual({ acknowledge: true, chats: new Map() });
    expect(settings.backlog).toEqual({ maxAgeMs: 86_400_000, tellAfterMs: 600_000 });
  });

  it("is as it is written", async () => {
    const configuration = await load({
      "config.yaml": [
        "busy: { mode: queue, acknowledge: false, chats: ['acme:-100=steer', 'acme:a:b=c=interrupt'] }",
        "backlog: { maxAgeHours: 2, tellAfterMinutes: 1 }",
        "platforms: { acme: { token: FAKE, busy: { mode: steer }, burst: { windowMs: 0, splitWindowMs: 500 } } }",
      ].join("\n"),
    });
    const { settings, platforms } = configuration;
    expect(settings.busy).toEqual({
      mode: "queue",
      acknowledge: false,
      chats: new Map([
        ["acme:-100", "steer"],
        ["acme:a:b=c", "interrupt"],
      ]),
    });
    expect(settings.backlog).toEqual({ maxAgeMs: 7_200_000, tellAfterMs: 60_000 });
    expect(platforms[0]).toMatchObject({ busyMode: "steer", burstWindowMs: 0, burstSplitWindowMs: 500 });
    expect(warningsOf(configuration)).toEqual([]);
  });

  it.each([
    ["busy: { mode: later }", "busy.mode: expected `interrupt` or `queue` or `steer`"],
    ["busy: { chats: ['acme:1'] }", "busy.chats: expected a chat and a mode"],
    ["busy: { chats: ['acme:1=later'] }", "busy.chats: expected a chat and a mode"],
    ["backlog: { maxAgeHours: 0 }", "backlog.maxAgeHours: expected a whole number from 1 to"],
    ["busy: now", "busy: expected a section of keys"],
  ])("refuses %j", async (yaml, message) => {
    expect(await loadFailure({ "config.yaml": yaml })).toContain(message);
  });

  it("in a platform's own section concerns that platform alone", async () => {
    const { platforms } = await load({ "config.yaml": "platforms: { acme: { token: FAKE, burst: { windowMs: soon } } }" });
    expect(platforms[0]).toMatchObject({ state: "broken", problems: [{ key: "platforms.acme.burst.windowMs" }] });
  });
});
