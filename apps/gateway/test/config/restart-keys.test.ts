import { describe, expect, it } from "vitest";
import { load, loadFailure, warningsOf } from "./load.ts";

const noticeOf = async (yaml: string): Promise<unknown> => {
  const [platform] = (await load({ "config.yaml": yaml })).platforms;
  return platform?.state === "usable" ? platform.restartNotice : platform;
};

describe("How a gateway ends and starts again", () => {
  it("has defaults", async () => {
    const { settings } = await load({});
    expect(settings.restart).toEqual({ mode: "drain", drainMs: 20_000, by: "auto" });
    expect(settings.inactivityMs).toBe(1_800_000);
  });

  it("is as it is written", async () => {
    const configuration = await load({
      "config.yaml": "restart: { mode: interrupt, drainSeconds: 90, by: itself }\nagent: { inactivitySeconds: 0 }\n",
    });
    expect(configuration.settings.restart).toEqual({ mode: "interrupt", drainMs: 90_000, by: "itself" });
    expect([configuration.settings.inactivityMs, warningsOf(configuration)]).toEqual([0, []]);
  });

  it.each([
    ["restart: { mode: later }", "restart.mode: expected `drain` or `interrupt`"],
    ["restart: { drainSeconds: soon }", "restart.drainSeconds: expected a whole number from 0 to 86400"],
    ["restart: { drainSeconds: 90000 }", "restart.drainSeconds: expected a whole number from 0 to 86400"],
    ["agents: { main: { inactivitySeconds: -1 } }", "agents.main.inactivitySeconds: expected a whole number"],
    ["restart: now", "restart: expected a section of keys"],
  ])("refuses %j", async (yaml, message) => {
    expect(await loadFailure({ "config.yaml": yaml })).toContain(message);
  });

  it("is told of in a platform's home channel, unless its section says otherwise", async () => {
    expect(await noticeOf("platforms: { acme: { token: FAKE } }")).toBe(true);
    expect(await noticeOf("platforms: { acme: { token: FAKE, restartNotice: false } }")).toBe(false);
  });
});
