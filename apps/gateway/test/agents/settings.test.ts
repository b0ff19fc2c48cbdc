import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { messagesOf, textOf } from "./obedient-model.ts";
import { sees, stageNames } from "./stage.ts";

describe.each(stageNames)("On %s", (name) => {
  it("model, reasoning and personality are chosen in the chat and count from the next message on, and /usage tells what was taken", async () => {
    const stage = await openStage(name);
    const { model, serve } = await agentHouse([stage], {
      agent: { toolSets: {}, personalities: { pirate: "Speak like a pirate." } },
    });
    const hermes = await serve();
    await stage.says("/model");
    const picker = await sees(stage, /Model/u);
    if (name === "web") {
      await stage.says("/model local:other");
    } else {
      expect(picker.buttons).toContain("local:other");
      await stage.presses("local:other");
    }
    await sees(stage, /Model: .?local:other.? from the next message on/u);
    await stage.says("/reasoning low");
    await sees(stage, /Reasoning: .?low.? from the next message on/u);
    await stage.says("/personality pirate");
    await sees(stage, /Personality: .?pirate.? from/u);
    await stage.says("/model nobody:model");
    await sees(stage, /Nobody has configured the provider nobody/u);
    await stage.says("hello");
    await sees(stage, /heard: hello/u);
    const last = model.requests.at(-1) ?? expect.unreachable();
    expect([last.body["model"], last.body["reasoning_effort"]]).toEqual(["other", "low"]);
    expect(textOf(messagesOf(last)[0] ?? expect.unreachable())).toContain("Speak like a pirate.");
    await stage.says("/usage");
    await sees(stage, /1 calls · 1,200 in · 34 out/u);
    await stop(hermes);
  });
});
