import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Timeline } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { ada, asked, house, run, untilNewest, untilRefused } from "./ledger-house.ts";
import { serveHome, stop } from "./serve.ts";

describe("The way of a message", () => {
  it("is shown from received to what stands on the platform, by any of its ids, whether the gateway runs or not", async () => {
    const { api, home } = await house();
    const { hermes } = await serveHome(home);
    api.say("What is \u001B[31mnew\u001B[0m?\nTell me.");
    const { replyId, seq } = await untilNewest(home, "sent");
    const number = String(seq);
    const running = await run(home, "timeline", number);
    expect(running).toMatchObject({ code: 0, errors: "" });
    expect(running.output.replaceAll(/\d\d:\d\d:\d\d\.\d{3}| {14}(?=\S)/gu, "#").split("\n")).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d \(.*\)$/u),
      expect.stringMatching(/^# {2}received {2}telegram: message \d+ from Ada \(42\): What is new\? Tell me\.$/u),
      "#  rule      let in by `allow:telegram:42`: who wrote it is let in",
      "#  lane      agent:main:telegram:dm:42: a turn took it",
      expect.stringMatching(new RegExp(`^# {2}turn {6}the agent, finished after .*: ${replyId}$`, "u")),
      "#  part 1    shown: echo: What is new? Tell me.",
      expect.stringMatching(/^# {2}ref {7}message \d+ in telegram 42$/u),
      "",
      "Answered: all of it is shown.",
    ]);
    const whole = await asked<Timeline>(home, "timeline", number);
    expect(await asked(home, "timeline", replyId)).toEqual(whole);
    expect(await asked(home, "timeline", whole.event?.eventId ?? "")).toEqual(whole);
    expect(await asked(home, "timeline", `42/${whole.event?.content?.messageId}`)).toEqual(whole);
    await stop(hermes);
    expect(await asked(home, "timeline", number)).toEqual(whole);
    expect((await run(home, "events", "show", number)).output).toContain("  | What is new?\n  | Tell me.\n");
  });

  it("ends at the rule for who is not let in, and says what to do", async () => {
    const { api, home } = await house("[43]");
    const { hermes } = await serveHome(home);
    api.say("let me in");
    await untilRefused(home);
    const { output } = await run(home, "events", "list", "--verdict", "refuse");
    expect(output).toMatch(/^NUMBER .*\n1 .*telegram {2}refuse +recorded +not-allowed/u);
    const timeline = (await run(home, "timeline", "1")).output;
    expect(timeline).toContain("refused by `not-allowed`: nobody let in who wrote it; add their id to `access.allow`");
    expect(timeline).not.toContain("let me in");
    expect(timeline).toMatch(/\nNot answered: it was refused\./u);
    expect(await run(home, "events", "replay", "1")).toMatchObject({
      code: 78,
      output: "",
      errors: expect.stringContaining("nothing to replay") as unknown,
    });
    await stop(hermes);
  });

  it("can be looked at after a gateway that was killed, whatever its note still says", async () => {
    const { api, home } = await house();
    const { hermes } = await serveHome(home);
    api.say("hello");
    await untilNewest(home, "sent");
    hermes.process.kill("SIGKILL");
    await hermes.ended();
    expect(await readFile(join(home, "gateway", "gateway.lock.json"), "utf8")).toContain('"url"');
    expect((await run(home, "timeline", "1")).output).toMatch(/\nAnswered: all of it is shown\.$/u);
  });

  it("to a chat that cannot be reached waits there, and goes on when it is tried again by hand", async () => {
    const { api, home } = await house();
    const { hermes } = await serveHome(home);
    const blocked = { type: "error", code: 403, description: "Forbidden: bot was blocked by the user" } as const;
    api.faults.add("sendMessage", blocked, 1);
    api.say("hello");
    const { replyId } = await untilNewest(home, "parked");
    expect((await run(home, "timeline", "1")).output).toContain(
      "The answer: its chat cannot be reached; it is tried again later.",
    );
    expect(api.texts(ada, "bot")).toEqual([]);
    expect(await run(home, "deliveries", "retry", replyId)).toMatchObject({ code: 0, errors: "" });
    await api.until(() => api.texts(ada, "bot").length === 1);
    expect((await untilNewest(home, "sent")).replyId).toBe(replyId);
    await stop(hermes);
  });
});
