import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { houseIn } from "./house.ts";
import { openTown, townNames } from "./towns.ts";

describe.each(townNames)("On %s, when a gateway was killed", (name) => {
  it("the next one answers what was said meanwhile, once and in order, and a button that waits still counts", async () => {
    const town = await openTown(name);
    const house = await houseIn([town]);
    const first = await house.serve();
    await town.says("hello");
    await town.answered(1);
    const hasButtons = town.bench.people.presses !== undefined;
    if (hasButtons) {
      await town.says("ask");
      await town.answered(2);
    }
    first.process.kill("SIGKILL");
    await first.ended();
    const before = hasButtons ? 2 : 1;
    if (!hasButtons) for (const text of ["one", "two"]) await town.says(text);
    const second = await house.serve();
    if (hasButtons) {
      const question = (await town.answers())[1];
      await town.bench.people.presses?.({ ...town.direct.ref, messageId: question?.messageId ?? "" }, "By boat");
      expect((await town.answered(3))[2]?.text).toBe("chosen: boat");
      second.process.kill("SIGKILL");
      await second.ended();
      for (const text of ["one", "two"]) await town.says(text);
      const third = await house.serve();
      await town.bench.redeliver?.();
      await town.answered(5);
      await stop(third);
    } else {
      await town.bench.redeliver?.();
      await town.answered(before + 2);
      await stop(second);
    }
    expect((await town.answers()).slice(-2).map(({ text }) => text)).toEqual(["echo: one", "echo: two"]);
  });
});
