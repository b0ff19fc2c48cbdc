import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { sees, stageNames, textsOf } from "./stage.ts";
import { twoProviders } from "./two-providers.ts";

describe.each(stageNames)("On %s", (name) => {
  it("an answer that is cut off goes on where it was, and nothing is said twice", async () => {
    const { stage, hermes } = await twoProviders(name, [
      { text: ["One, two, ", "three"], cut: true },
      { text: ["One, two, three, four."] },
    ]);
    await stage.says("count");
    await sees(stage, /four\./u);
    const texts = (await textsOf(stage)).join("\n");
    expect(texts.match(/One/gu)).toHaveLength(1);
    expect(texts.match(/three/gu)).toHaveLength(1);
    await stop(hermes);
  });
});
