import { describe, expect, it } from "vitest";
import type { ModelStep } from "../../../../packages/agent-ai/test/server.ts";
import { stop } from "../serve.ts";
import { sees, textsOf } from "./stage.ts";
import { twoProviders } from "./two-providers.ts";

const never = new Promise<never>(() => undefined);

describe("Another provider goes on for one that", () => {
  it.each([
    ["takes no more requests", [{ error: { status: 429, retryAfterSeconds: 1 } }]],
    ["refuses the key", [{ error: { status: 401 } }]],
    ["says nothing", [{ text: ["late"], after: never }]],
  ] satisfies readonly (readonly [string, readonly ModelStep[]])[])("%s", async (_what, script) => {
    const { stage, hermes, first } = await twoProviders("telegram", script);
    await stage.says("hello");
    await sees(stage, /heard: hello/u);
    const texts = (await textsOf(stage)).join("\n");
    expect(texts.match(/goes on/gu)).toHaveLength(1);
    expect(texts.match(/heard:/gu)).toHaveLength(1);
    expect(first.requests.length).toBeLessThanOrEqual(3);
    await stop(hermes);
  });
});
