import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { sees, textsOf } from "./stage.ts";
import { twoProviders } from "./two-providers.ts";

describe.each(["telegram", "web"] as const)("On %s", (name) => {
  it("another provider goes on for one that answers with 500, with one notice", async () => {
    const { stage, hermes, second } = await twoProviders(name, [{ error: { status: 500 } }]);
    await stage.says("hello");
    await sees(stage, /heard: hello/u);
    const texts = (await textsOf(stage)).join("\n");
    expect(texts.match(/does not answer: second:model goes on/gu)).toHaveLength(1);
    expect(texts.match(/heard:/gu)).toHaveLength(1);
    expect(second.requests).toHaveLength(1);
    await stop(hermes);
  });
});
