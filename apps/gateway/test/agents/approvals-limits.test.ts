import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { dangerousCommand, ran } from "./marker.ts";
import { order, resultsIn } from "./obedient-model.ts";
import { sees, stageNames, textsOf } from "./stage.ts";

describe.each(stageNames)("On %s", (name) => {
  it("nothing runs where nobody answers in time", async () => {
    const stage = await openStage(name);
    const { model, serve, work } = await agentHouse([stage], { rest: { approvals: { timeoutSeconds: 1 } } });
    const hermes = await serve();
    await stage.says(`clean up ${order("terminal", { command: dangerousCommand })}`);
    await sees(stage, /heard: clean up/u);
    expect(resultsIn(model.requests.at(-1) ?? expect.unreachable())[0]).toContain("Nobody answered in time");
    await stage.says("/approve");
    await sees(stage, /Nothing waits for an approval/u);
    expect(await ran(work)).toBe("");
    await stop(hermes);
  });

  it("a command is shown whole, with what nobody sees written out, and what is too long for that is not asked about", async () => {
    const stage = await openStage(name);
    const { model, serve, work } = await agentHouse([stage]);
    const hermes = await serve();
    const long = `rm -rf ${Array.from({ length: 180 }, (_, index) => `folder-${index}`).join(" ")} hidden\u202Eend`;
    await stage.says(`clean up ${order("terminal", { command: long })}`);
    await sees(stage, /hidden\\u/u);
    const shown = (await textsOf(stage)).join("").replaceAll(/\s+/gu, " ");
    expect(shown).toContain(long.replace("\u202E", "\\u{202e}"));
    await stage.says("no");
    await sees(stage, /heard: clean up/u);
    await stage.says(`and this ${order("terminal", { command: `rm -rf ${"x".repeat(3500)}` })}`);
    await sees(stage, /heard: and this/u);
    expect(resultsIn(model.requests.at(-1) ?? expect.unreachable()).at(-1)).toContain("longer than 3000 characters");
    expect((await textsOf(stage)).join("\n").match(/Runs a command/gu)).toHaveLength(1);
    expect(await ran(work)).toBe("");
    await stop(hermes);
  });
});
