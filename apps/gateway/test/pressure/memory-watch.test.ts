import { createFakeClock } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { collectGarbage, readMemory, type MemoryShare } from "../../src/pressure/memory-facts.ts";
import { watchMemory } from "../../src/pressure/memory-watch.ts";

/** A process of 1000 bytes of which the test says how many are used, and how many of those are garbage. */
function setUp() {
  const clock = createFakeClock();
  const memory = { needed: 100, garbage: 0 };
  const log: string[] = [];
  let collections = 0;
  const note = (message: string): void => void log.push(message);
  const watch = watchMemory({
    read: (): readonly MemoryShare[] => [
      { what: "heap", usedBytes: memory.needed + memory.garbage, limitBytes: 1000 },
      { what: "memory", usedBytes: 10, limitBytes: 1000 },
    ],
    collectGarbage: () => {
      collections += 1;
      memory.garbage = 0;
    },
    clock,
    logger: { debug: note, info: note, warn: note, error: note },
  });
  return { clock, memory, log, watch, collections: () => collections };
}

describe("The watch on the memory", () => {
  it("refuses above 85 % and takes again below 75 %, and says each once", async () => {
    const { clock, memory, log, watch } = setUp();
    memory.needed = 850;
    await clock.advance(60_000);
    expect([watch.reason(), log]).toEqual([undefined, []]);
    memory.needed = 860;
    await clock.advance(60_000);
    expect(watch.reason()).toBe("the heap is nearly full");
    memory.needed = 800;
    await clock.advance(60_000);
    expect(watch.reason()).toBe("the heap is nearly full");
    memory.needed = 740;
    await clock.advance(3000);
    expect(watch.reason()).toBeUndefined();
    await clock.advance(60_000);
    expect(log).toEqual([expect.stringContaining("Nothing new is taken"), expect.stringContaining("There is memory again")]);
    watch.stop();
    expect(clock.pending).toBe(0);
  });

  it("does not refuse for garbage, and has it collected no more often than every two seconds", async () => {
    const { clock, memory, log, watch, collections } = setUp();
    memory.needed = 500;
    for (let second = 0; second < 60; second += 1) {
      memory.garbage = 450;
      await clock.advance(1000);
      expect(watch.reason()).toBeUndefined();
    }
    expect(collections()).toBeGreaterThan(20);
    expect(collections()).toBeLessThanOrEqual(30);
    expect(log).toEqual([]);
    watch.stop();
  });
});

describe("This process's memory", () => {
  it("is read with a limit that was asked for, or V8's own", () => {
    const [heap] = readMemory("--max-old-space-size=100 --max_old_space_size=200");
    expect(heap).toMatchObject({ what: "heap", limitBytes: 200 * 1024 * 1024 });
    expect(readMemory("")[0]?.limitBytes).toBeGreaterThan(100_000_000);
    collectGarbage();
    expect(heap?.usedBytes).toBeGreaterThan(1_000_000);
  });
});
