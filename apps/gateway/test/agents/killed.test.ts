import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, longSleep, openStage } from "./house.ts";
import { dangerousCommand, ran } from "./marker.ts";
import { order, resultsIn } from "./obedient-model.ts";
import { sees, stageNames, textsOf, until } from "./stage.ts";

describe.each(stageNames)("On %s, a gateway that is killed", (name) => {
  it("while an approval waits is followed by one in which it still counts, and the command runs once", async () => {
    const stage = await openStage(name);
    const { serve, kill, work } = await agentHouse([stage]);
    await mkdir(join(work, "build"));
    const first = await serve();
    await stage.says(`clean up ${order("terminal", { command: dangerousCommand })}`);
    await sees(stage, /Runs a command[^]*rm -rf build/u);
    await kill(first);
    const second = await serve();
    if (name === "web") await stage.says("yes");
    else await stage.presses("Yes, once");
    await sees(stage, /heard: clean up/u);
    expect(await ran(work)).toBe("ran\n");
    await stop(second);
    expect(await ran(work)).toBe("ran\n");
    expect((await textsOf(stage)).filter((text) => text.includes("heard:"))).toHaveLength(1);
  });

  it("while a command runs never runs it again: people are told once, and the model with the next message", async () => {
    const stage = await openStage(name);
    const { serve, kill, work, model } = await agentHouse([stage]);
    const first = await serve();
    const time = longSleep();
    await stage.says(`work ${order("terminal", { command: `echo ran >> marker && sleep ${time}` })}`);
    await until(
      async () => (await ran(work)) !== "",
      () => "the command has begun",
    );
    await kill(first);
    const before = model.requests.length;
    const second = await serve();
    await sees(stage, /I was restarted while I was working on this/u);
    await stage.says("did it work?");
    await sees(stage, /heard: did it work\?/u);
    expect(await ran(work)).toBe("ran\n");
    expect(model.requests).toHaveLength(before + 1);
    expect(resultsIn(model.requests.at(-1) ?? expect.unreachable())).toEqual([
      expect.stringContaining("not known whether it happened"),
    ]);
    expect((await textsOf(stage)).filter((text) => text.includes("I was restarted"))).toHaveLength(1);
    await stop(second);
    expect(await ran(work)).toBe("ran\n");
  });
});
