import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSpan } from "../src/cli/operator/parse-span.ts";
import { showPlatforms } from "../src/cli/operator/run-platforms.ts";
import { describePlace } from "../src/cli/operator/run-send.ts";
import { startHermes } from "./cli/hermes.ts";
import { house, run, type House } from "./ledger-house.ts";
import { serve, serveHome, stop } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

describe("Commands that need a gateway that runs", () => {
  it.each([
    [["console"]],
    [["send", "telegram:42", "hi"]],
    [["platform", "list"]],
    [["sessions", "list"]],
    [["sessions", "delete", "key", "--yes"]],
    [["token", "rotate"]],
  ])("%j says how to start one, and makes nothing", async (parts) => {
    const home = await temporaryHome();
    const { code, output, errors } = await run(home, ...parts);
    expect([code, output]).toEqual([75, ""]);
    expect(errors).toBe(`No gateway runs for ${home}, and this needs one. Start it: hermes gateway run`);
    await expect(stat(join(home, "gateway"))).rejects.toThrow("ENOENT");
  });

  it("say the same of a gateway that has ended", async () => {
    const { hermes, home } = await serve();
    await stop(hermes);
    expect((await run(home, "console")).errors).toMatch(/^No gateway runs/u);
  });
});

/** A gateway whose bot Ada has written to: others it cannot reach. */
async function connectedHouse(): Promise<House> {
  const { api, home } = await house();
  await serveHome(home);
  api.say("hello");
  await api.until(() => api.texts(42, "bot").length === 1);
  return { api, home };
}

describe("hermes send", () => {
  it("tells what the platform says of it, and the same key is the same message", async () => {
    const { api, home } = await connectedHouse();
    const parts = ["send", "telegram:42", "The backup is *done*.", "--key", "backup"];
    const first = await run(home, ...parts);
    expect(first).toEqual({
      code: 0,
      output: expect.stringMatching(/^Sent to telegram:42 \(message \d+\)$/u) as unknown,
      errors: "",
    });
    expect(await run(home, ...parts)).toEqual(first);
    expect(api.texts(42, "bot")).toEqual(["echo: hello", "The backup is done."]);
  });

  it("says that what cannot be shown now is kept, with exit code 75", async () => {
    const { home } = await connectedHouse();
    const { code, output } = await run(home, "send", "telegram:77", "hi");
    expect(code).toBe(75);
    expect(output).toMatch(/^Queued for telegram:77.*hermes deliveries show \S+$/u);
  });

  it("reads a pipe, and prints the evidence for scripts", async () => {
    const { api, home } = await connectedHouse();
    const hermes = startHermes(["send", "telegram:42", "-", "--json"], { home, input: "from\na pipe\n" });
    expect(await hermes.ended()).toBe(0);
    expect(JSON.parse(hermes.output())).toMatchObject({ state: "sent", refs: [{ platform: "telegram", chatId: "42" }] });
    expect(api.texts(42, "bot")).toEqual(["echo: hello", "from\na pipe"]);
  });

  it("says what is wrong with a target and with nothing to say, with exit code 78", async () => {
    const { home } = await serve();
    const wrong = await run(home, "send", "nowhere:1", "hi");
    expect([wrong.code, wrong.output]).toEqual([78, ""]);
    expect(wrong.errors).toContain('There is no platform "nowhere"');
    expect(await run(home, "send", "nowhere:1", " ")).toEqual({
      code: 78,
      output: "",
      errors: "There is nothing to say: the text is empty.",
    });
  });

  it("says what to do about what is not there", () => {
    const place = { target: "telegram:42", replyId: "r1", refs: [], failure: "blocked by the user" };
    expect(describePlace({ ...place, state: "queued" })).toContain("hermes deliveries show r1");
    expect(describePlace({ ...place, state: "unknown" })).toMatch(/Nobody can tell.*retry r1$/u);
    expect(describePlace({ ...place, state: "failed" })).toMatch(/^Not sent to telegram:42: blocked.*retry r1$/u);
  });
});

describe("hermes console", () => {
  it("prints a link alone, and how long it is good elsewhere", async () => {
    const { home, url } = await serve();
    const { code, output, errors } = await run(home, "console");
    expect(code).toBe(0);
    expect(output).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=\w{5}-\w{5}$/u);
    expect(output.startsWith(url)).toBe(true);
    expect(errors).toMatch(/^It works once, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\./u);
  });

  it("names the address that people use", async () => {
    const { home } = await serve({ "config.yaml": "server: { port: 0, publicUrl: https://hermes.example.org }\n" });
    expect((await run(home, "console")).output).toMatch(/^https:\/\/hermes\.example\.org\/#code=/u);
  });
});

describe("hermes platform", () => {
  it("lists, pauses and resumes", async () => {
    const { home } = await house();
    await serveHome(home);
    expect((await run(home, "platform", "list")).output).toMatch(/^PLATFORM .*\ntelegram +(?:up|connecting)[^]*\nweb +up/u);
    expect(await run(home, "platform", "pause", "telegram")).toEqual({ code: 0, output: "telegram is paused.", errors: "" });
    expect((await run(home, "platform", "list", "--json")).output).toContain('"state": "paused"');
    expect((await run(home, "platform", "pause", "telegram")).output).toBe("telegram is paused already.");
    expect((await run(home, "platform", "resume", "telegram")).output).toBe("telegram is being connected.");
    expect(await run(home, "platform", "pause", "web")).toMatchObject({ code: 78, output: "" });
  });

  it("says why a platform is not up", () => {
    const admission = { taken: 3, refused: 1 };
    const delivery = { sent: 2, failed: 0 };
    const row = {
      id: "telegram",
      kind: "telegram",
      state: "failed",
      sinceMs: 0,
      reason: "token revoked",
      admission,
      delivery,
    } as const;
    expect(showPlatforms({ rows: [row] }, { nowMs: 0, width: 120 })).toMatch(
      /telegram +failed.*3, 1 refused +2 +- +token revoked/u,
    );
    const breaker = { phase: "open", failures: 12, openedAtMs: -600_000, probeAtMs: 300_000 } as const;
    const tripped = { ...row, state: "tripped", breaker, turnedAway: 2 } as const;
    const narrow = showPlatforms({ rows: [tripped] }, { nowMs: 0, width: 70 });
    expect(narrow).toMatch(/telegram +tripped +00:00 now +- +in 5 min +12 failed[^\n]*…\n/u);
    expect(narrow).toMatch(/\ntelegram: 12 failed in a row; token revoked; 2 turned away\n$/u);
    const byHand = { ...tripped, breaker: { phase: "open", failures: 12 } } as const;
    expect(showPlatforms({ rows: [byHand] }, { nowMs: 0, width: 120 })).toContain("by hand");
  });
});

describe("hermes sessions", () => {
  it("lists conversations, finds what was said, and deletes one", async () => {
    const { home } = await serve();
    await run(home, "chat", "the train to Lyon", "--session", "trips");
    const key = "agent:main:web:dm:owner.trips";
    expect((await run(home, "sessions", "list")).output).toMatch(new RegExp(`the train to Lyon +${key}$`, "u"));
    const found = await run(home, "sessions", "search", "Lyon");
    expect(found.output).toContain("| echo: the train to Lyon");
    expect((await run(home, "sessions", "search", "Marseille")).output).toBe("Nothing fits.");
    expect(await run(home, "sessions", "delete", key)).toEqual({
      code: 78,
      output: "",
      errors: "Nobody is here to confirm it: say --yes.",
    });
    expect(await run(home, "sessions", "delete", key, "--yes")).toEqual({ code: 0, output: "It is deleted.", errors: "" });
    expect((await run(home, "sessions", "list")).output).toBe("There are no conversations.");
    expect(await run(home, "sessions", "delete", key, "--yes")).toMatchObject({ code: 78, output: "" });
  });
});

describe("hermes token rotate", () => {
  it("makes a new token, says where it lies, and never what it is", async () => {
    const { home } = await serve();
    const path = join(home, "gateway", "token");
    const old = await readFile(path, "utf8");
    const { code, output, errors } = await run(home, "token", "rotate", "--keep", "1h");
    expect(code).toBe(0);
    const fresh = await readFile(path, "utf8");
    expect(fresh).not.toBe(old);
    expect(output).toContain(`The new token lies in ${path}. The old one is good until `);
    expect(output + errors).not.toContain(fresh.trim());
    expect((await run(home, "chat", "hi")).output).toBe("echo: hi");
  });

  it("takes a span with its unit only", () => {
    expect(["90s", "30m", "24h", "7d", "24", "1w", "-1h", ""].map(parseSpan)).toEqual([
      90_000,
      1_800_000,
      86_400_000,
      604_800_000,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
