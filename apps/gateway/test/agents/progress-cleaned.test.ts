import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { order } from "./obedient-model.ts";
import { sees, textsOf } from "./stage.ts";

const work = `work ${order("terminal", { command: "echo one" })} ${order("terminal", { command: "echo two" })} ${order("read_file", { path: "none.txt" })}`;

describe.each(["telegram", "slack"] as const)("On %s", (name) => {
  it("progress is taken away behind the answer where that is configured", async () => {
    const stage = await openStage(name);
    const { serve } = await agentHouse([stage], { rest: { display: { toolProgress: "all", cleanUpProgress: true } } });
    const hermes = await serve();
    await stage.says(work);
    await sees(stage, /heard: work/u);
    await expect.poll(async () => (await textsOf(stage)).length, { timeout: 5000 }).toBe(1);
    await stop(hermes);
  });
});
