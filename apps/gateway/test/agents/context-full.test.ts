import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { messagesOf, obedientModel, textOf } from "./obedient-model.ts";
import { sees, stageNames, textsOf } from "./stage.ts";
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
  it("a conversation that is nearly full is compressed by itself, and later answers know the summary", async () => {
    const stage = await openStage(name);
    const { model, serve } = await agentHouse([stage], { agent: small, script: obedientModel(summary) });
    const hermes = await serve();
    for (let count = 0; count < 8 && !(await textsOf(stage)).some((text) => text.includes("Compressed:")); count += 1) {
      await stage.says(`message ${count} ${"and on it goes ".repeat(110)}`);
      await sees(stage, new RegExp(`heard: message ${count} `, "u"));
    }
    await sees(stage, /Compressed:/u);
    await stage.says("which book?");
    await sees(stage, /heard: which book\?/u);
    expect(said(model.requests.at(-1))).toContain(summary);
    expect(said(model.requests.at(-1))).not.toContain("message 0 ");
    await stop(hermes);
  });
});
