import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, longSleep, openStage, untilRunning } from "./house.ts";
import { order } from "./obedient-model.ts";
import { sees, stageNames, textsOf } from "./stage.ts";

describe.each(stageNames)("On %s", (name) => {
  it("tasks run beside a conversation, are listed and stopped one by one, and bring their results there", async () => {
    const stage = await openStage(name);
    const { serve } = await agentHouse([stage]);
    const hermes = await serve();
    const times = [longSleep(), longSleep()];
    for (const [index, time] of times.entries()) {
      await stage.says(`/background task ${index} ${order("terminal", { command: `sleep ${time}` })}`);
      await untilRunning(true, "sleep", time);
    }
    await stage.says("/background count the pages");
    await sees(stage, /is done: “count the pages”/u);
    await sees(stage, /heard: count the pages/u);
    await stage.says("hello");
    await sees(stage, /heard: hello/u);
    await stage.says("/agents");
    const list = (await sees(stage, /task 1/u)).text;
    const ids = [...new Set(list.match(/bg_\w+/gu))];
    expect(ids).toHaveLength(2);
    const lines = list.split("\n");
    const ofFirst = lines.find((line) => line.includes("task 0"))?.match(/bg_\w+/u)?.[0] ?? "";
    await stage.says(`/stop ${ofFirst}`);
    await untilRunning(false, "sleep", times[0] ?? "");
    expect((await textsOf(stage)).filter((text) => text.includes("task 1") && text.includes("done"))).toEqual([]);
    await stage.says("/stop bg_nothing");
    await sees(stage, /Nothing called bg_nothing|bg_nothing.* is running/u);
    await stage.says(`/stop ${ids.find((id) => id !== ofFirst) ?? ""}`);
    await untilRunning(false, "sleep", times[1] ?? "");
    await stop(hermes);
  });
});
