import type { CheckResult } from "@hermes/core";
import { createFakeClock } from "@hermes/testkit";
import { describe, expect, it } from "vitest";
import { showChecks } from "../src/cli/operator/run-platform-check.ts";
import type { PlatformOutcome } from "../src/config/platform-section.ts";
import { checkPlatforms, type PlatformCheck } from "../src/platforms/check-platforms.ts";
import { acme } from "./config/acme-manifest.ts";
import { asked, house, run } from "./ledger-house.ts";
import { temporaryHome } from "./temporary-home.ts";

describe("hermes platform check", () => {
  it("says without a gateway that a bot is well, what it sees in groups, and what to do about that", async () => {
    const { api, home } = await house();
    const { code, output, errors } = await run(home, "platform", "check");
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toMatch(
      /^telegram: ok\. @hermes_test_bot answers; in groups it sees commands, mentions and replies \(.*\/setprivacy/u,
    );
    Object.assign(api.bot, { can_read_all_group_messages: true });
    expect((await run(home, "platform", "check", "telegram")).output).toContain("in groups it sees every message");
    expect(await asked<readonly PlatformCheck[]>(home, "platform", "check")).toMatchObject([{ id: "telegram", state: "ok" }]);
    // Whatever a gateway would do on connecting is left undone.
    expect(new Set(api.calls.map(({ method }) => method))).not.toContain("getUpdates");
  });

  it("names what is wrong with each of several bots and what to do, ends with 1, and shows no secret", async () => {
    const { api, home } = await house();
    const bots = await temporaryHome({
      "config.yaml": `platforms:
  good: { use: telegram, apiRoot: "${api.apiRoot}", token: "${api.token}" }
  wrong: { use: telegram, apiRoot: "${api.apiRoot}", token: "123456:ANOTHER-FAKE-TOKEN" }
  shape: { use: telegram, token: "no-token-at-all" }
  off: { use: telegram, enabled: false }
`,
    });
    const { code, output, errors } = await run(bots, "platform", "check");
    expect([code, errors]).toEqual([1, ""]);
    expect(output).toMatch(/^good: ok\. /mu);
    expect(output).toMatch(/^wrong: does not work\. .*\n {4}Get the token from @BotFather/mu);
    expect(output).toMatch(
      /^shape: does not work\. Its section cannot be used\.\n {4}platforms\.shape\.token: expected a bot token/mu,
    );
    expect(output).toMatch(/^off: not asked\. It is switched off/mu);
    expect(output).not.toMatch(/FAKE-TOKEN|no-token-at-all/u);
    expect((await run(bots, "platform", "check", "good")).code).toBe(0);
    expect(await run(home, "platform", "check", "telegrm")).toEqual({
      code: 78,
      output: "",
      errors: 'No platform "telegrm" is configured: there is telegram. Did you mean `telegram`?',
    });
  });

  it("has nothing to ask where nothing is configured", async () => {
    expect(await run(await temporaryHome(), "platform", "check")).toEqual({
      code: 0,
      output: "No platform is configured.",
      errors: "",
    });
  });
});

function usable(id: string, check?: (signal: AbortSignal) => Promise<CheckResult>): PlatformOutcome {
  const manifest = check === undefined ? acme : { ...acme, check: (_: unknown, signal: AbortSignal) => check(signal) };
  return {
    state: "usable",
    id,
    manifest,
    configuration: {},
    allow: [],
    allowRoles: [],
    allowAll: false,
    admins: [],
    restartNotice: true,
    statusMarks: false,
    threadsRequireMention: false,
    display: {},
  };
}

describe("A package's own check", () => {
  it("may be absent, fail or never end, and concerns no other platform", async () => {
    const clock = createFakeClock();
    let signal: AbortSignal | undefined;
    const stuck = usable("stuck", (given) => {
      signal = given;
      return new Promise(() => undefined);
    });
    const broken = usable("broken", () => Promise.reject(new Error("no such module")));
    const good = usable("good", async () => ({ ok: true, summary: "All is well." }));
    const checking = checkPlatforms([usable("silent"), broken, stuck, good], clock);
    await clock.advance(20_000);
    expect(showChecks(await checking)).toBe(`silent: not asked. Its configuration is right; Acme has nothing that could be asked.
broken: does not work. Its package's own check failed: no such module.
    Ask the package's author.
stuck: does not work. There was no answer within 20 s.
    See that this machine reaches Acme.
good: ok. All is well.
`);
    expect(signal?.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("cannot steer the terminal with what it says", async () => {
    const evil = usable("evil", async () => ({ ok: false, summary: "\u001B[2J", remedy: "one\ntwo\u0007" }));
    expect(showChecks(await checkPlatforms([evil], createFakeClock()))).toBe(
      "evil: does not work. \\u{1b}[2J.\n    one\n    two\\u{7}\n",
    );
  });
});
