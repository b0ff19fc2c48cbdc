import { describe, expect, it } from "vitest";
import type { Hermes } from "../cli/hermes.ts";
import { stop } from "../serve.ts";
import { houseIn } from "./house.ts";
import { openTown, townNames } from "./towns.ts";

async function kill(hermes: Hermes): Promise<void> {
  hermes.process.kill("SIGKILL");
  await hermes.ended();
}

describe.each(townNames)("On %s, when a gateway was killed", (name) => {
  it("the next one answers what was said meanwhile, once and in order", async () => {
    const town = await openTown(name);
    const house = await houseIn([town]);
    const first = await house.serve();
    await town.says("hello");
    await town.answered(1);
    await kill(first);
    for (const text of ["one", "two", "three"]) await town.says(text);
    const second = await house.serve();
    await town.bench.redeliver?.();
    await town.sees(/^echo: three/u);
    await stop(second);
    const texts = (await town.answers()).map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith("echo:"))).toEqual(["echo: hello", "echo: one", "echo: two", "echo: three"]);
  });

  it("a button that waits still counts, and goes when it was pressed", async ({ skip }) => {
    const town = await openTown(name);
    const { people } = town.bench;
    if (people.presses === undefined) return skip();
    const house = await houseIn([town]);
    const first = await house.serve();
    await town.says("ask");
    const [question] = await town.answered(1);
    await kill(first);
    const second = await house.serve();
    const messageId = question?.messageId ?? "";
    await people.presses({ ...town.direct.ref, messageId }, "By boat");
    await town.sees(/^chosen: boat/u);
    await expect.poll(async () => (await town.find(messageId))?.buttons ?? [], { timeout: 5000 }).toEqual([]);
    await stop(second);
  });
});
