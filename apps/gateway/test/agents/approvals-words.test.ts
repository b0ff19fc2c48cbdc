import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { dangerousCommand, ran } from "./marker.ts";
import { order, resultsIn } from "./obedient-model.ts";
import { sees, stageNames } from "./stage.ts";

describe.each(stageNames)("On %s", (name) => {
  it.each([
    ["/approve", "ran\n"],
    ["Yes.", "ran\n"],
    ["/deny", ""],
  ])("%s decides about what waits", async (words, expected) => {
    const stage = await openStage(name);
    const { model, serve, work } = await agentHouse([stage]);
    const hermes = await serve();
    await stage.says(`clean up ${order("terminal", { command: dangerousCommand })}`);
    await sees(stage, /Runs a command[^]*rm -rf build/u);
    expect(await ran(work)).toBe("");
    await stage.says(words);
    await sees(stage, /heard: clean up/u);
    expect(await ran(work)).toBe(expected);
    const [result] = resultsIn(model.requests.at(-1) ?? expect.unreachable());
    expect(result).toMatch(expected === "" ? /A person said no/u : /exit code 0/u);
    await stop(hermes);
  });
});
