import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { order } from "./obedient-model.ts";
import { sees, textsOf } from "./stage.ts";

const work = `work ${order("terminal", { command: "echo one" })} ${order("terminal", { command: "echo two" })} ${order("read_file", { path: "none.txt" })}`;

describe.each(["telegram", "slack"] as const)("On %s", (name) => {
  it.each([
    ["off", []],
    ["new", ["echo two", "none.txt"]],
    ["all", ["echo one", "echo two", "none.txt"]],
    ["verbose", ["echo one", "echo two", "none.txt", "command"]],
  ] as const)("progress that is `%s` shows this much of the tools in one message, before the answer", async (mode, expected) => {
    const stage = await openStage(name);
    const { serve } = await agentHouse([stage], { rest: { display: { toolProgress: mode } } });
    const hermes = await serve();
    await stage.says(work);
    await sees(stage, /heard: work/u);
    const texts = await textsOf(stage);
    const shown = texts.filter((text) => !text.includes("heard:"));
    expect(shown).toHaveLength(expected.length === 0 ? 0 : 1);
    for (const words of ["echo one", "echo two", "none.txt"])
      expect(shown.join("").includes(words)).toBe((expected as readonly string[]).includes(words));
    if (mode === "verbose") expect(shown.join("")).toMatch(/command/u);
    expect(texts.at(-1)).toContain("heard: work");
    await stop(hermes);
  });
});
