import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { dangerousCommand, ran } from "./marker.ts";
import { order } from "./obedient-model.ts";
import { sees, until } from "./stage.ts";

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

describe.each(["telegram", "slack"] as const)("In a group on %s", (name) => {
  it("a dangerous command waits for whoever asked: others are told so, and it runs once", async () => {
    const stage = await openStage(name);
    const { serve, work } = await agentHouse([stage]);
    await mkdir(join(work, "build"));
    const hermes = await serve();
    await stage.says(`clean up ${order("terminal", { command: dangerousCommand })}`, { in: "group" });
    const question = await sees(stage, /Runs a command[^]*rm -rf build/u, "group");
    expect(question.text).toContain(dangerousCommand);
    expect(question.buttons).toContain("Yes, once");
    await stage.presses("Yes, once", { by: "bob", in: "group" });
    await until(
      () => stage.told().some((told) => told.includes("Somebody else was asked this.")),
      () => `Bob is told: ${stage.told().join()}`,
    );
    // Nor do his words count.
    await stage.says("yes", { by: "bob", in: "group" });
    await stage.says("/approve", { by: "bob", in: "group" });
    await sees(stage, /Nothing waits for an approval/u, "group");
    expect([await ran(work), await isThere(join(work, "build"))]).toEqual(["", true]);
    await stage.presses("Yes, once", { in: "group" });
    await sees(stage, /heard: .*clean up/u, "group");
    expect([await ran(work), await isThere(join(work, "build"))]).toEqual(["ran\n", false]);
    await stop(hermes);
    expect(await ran(work)).toBe("ran\n");
  });
});
