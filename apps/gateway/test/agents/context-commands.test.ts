import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { messagesOf, obedientModel, textOf } from "./obedient-model.ts";
import { sees, stageNames, untilIdle } from "./stage.ts";
import type { ModelRequest } from "../../../../packages/agent-ai/test/server.ts";

const summary = "Ada looks for the red book.";
const small = {
  modelFacts: { "local:*": { contextTokens: 6000 } },
  compression: { atRatio: 0.5, keepTokens: 300 },
  toolSets: {},
};

function said(request: ModelRequest | undefined): string {
  return request === undefined ? "" : messagesOf(request).map(textOf).join("\n");
}

describe.each(stageNames)("On %s", (name) => {
  it("/compress keeps the sense, /undo forgets the last exchange, and /retry asks it again", async () => {
    const stage = await openStage(name);
    const agent = { ...small, modelFacts: { "local:*": { contextTokens: 20_000 } }, compression: { keepTokens: 20 } };
    const { model, serve } = await agentHouse([stage], { agent, script: obedientModel(summary) });
    const hermes = await serve();
    for (const text of ["the first thing", "the second thing"]) {
      await stage.says(text);
      await sees(stage, new RegExp(`heard: ${text}`, "u"));
    }
    await stage.says("/compress the book");
    await sees(stage, /Compressed:/u);
    expect(said(model.requests.at(-1))).toContain("the book");
    await stage.says("the third thing");
    await sees(stage, /heard: the third thing/u);
    expect(said(model.requests.at(-1))).toContain(summary);
    expect(said(model.requests.at(-1))).not.toContain("the first thing");
    await untilIdle(stage);
    await stage.says("/undo");
    await sees(stage, /I have forgotten the last exchange/u);
    await stage.says("the fourth thing");
    await sees(stage, /heard: the fourth thing/u);
    expect(said(model.requests.at(-1))).not.toContain("the third thing");
    expect(said(model.requests.at(-1))).toContain(summary);
    await untilIdle(stage);
    const before = model.requests.length;
    // The turn may still be ending when its answer stands there, and a command says so instead of running: people ask again.
    const asksAgain = async (): Promise<number> => {
      await stage.says("/retry");
      await expect
        .poll(() => model.requests.length, { timeout: 2000 })
        .toBeGreaterThan(before)
        .catch(() => undefined);
      return model.requests.length;
    };
    await expect.poll(asksAgain, { timeout: 8000 }).toBe(before + 1);
    expect(said(model.requests.at(-1))).toContain("the fourth thing");
    await stop(hermes);
  });
});
