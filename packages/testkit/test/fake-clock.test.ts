import { describe, expect, it } from "vitest";
import { createFakeClock } from "../src/index.ts";

describe("The fake clock", () => {
  it("runs what is due, in order, each at its own time", async () => {
    const clock = createFakeClock(0);
    const rang: string[] = [];
    clock.wakeAt(20, () => rang.push(`second at ${clock.now()}`));
    clock.wakeAt(10, () => rang.push(`first at ${clock.now()}`));
    clock.wakeAt(31, () => rang.push("too early"));
    await clock.advance(30);
    expect(rang).toEqual(["first at 10", "second at 20"]);
    expect([clock.now(), clock.pending]).toEqual([30, 1]);
  });

  it("runs what a wake-up set, when it comes due on the way", async () => {
    const clock = createFakeClock(0);
    const rang: number[] = [];
    clock.wakeAt(5, () => clock.wakeAt(7, () => rang.push(clock.now())));
    await clock.advance(10);
    expect(rang).toEqual([7]);
  });

  it("forgets a wake-up that was cancelled", async () => {
    const clock = createFakeClock(0);
    const rang: number[] = [];
    clock.wakeAt(5, () => rang.push(5))();
    await clock.advance(10);
    expect(rang).toEqual([]);
  });

  it("runs nothing while it sleeps, and everything overdue when it wakes", async () => {
    const clock = createFakeClock(0);
    const rang: number[] = [];
    clock.wakeAt(5, () => rang.push(clock.now()));
    await clock.sleep(100);
    expect(rang).toEqual([100]);
  });
});
