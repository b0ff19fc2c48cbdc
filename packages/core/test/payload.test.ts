import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeClock } from "./reply/fake-clock.ts";
import { keptPayload, pause, payloadText } from "../src/index.ts";

describe("What is kept of an update", () => {
  it("is all of it where that is little", () => {
    expect(keptPayload({ a: [1, "two", null], b: { c: true } })).toEqual({ a: [1, "two", null], b: { c: true } });
    expect([keptPayload(undefined), keptPayload(3), keptPayload("text")]).toEqual([null, 3, "text"]);
  });

  it("is its size and how it begins where that is much", () => {
    expect(keptPayload({ text: "あ".repeat(5000) })).toEqual({
      truncated: true,
      sizeBytes: 15_011,
      beginning: expect.stringContaining("あああ") as unknown,
    });
  });

  it("is at most 4 KB, whatever it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.string({ unit: "binary", maxLength: 3000 }), (value, text) => {
        const kept = JSON.stringify(keptPayload([value, text]));
        expect(new TextEncoder().encode(kept).byteLength).toBeLessThanOrEqual(4096);
        expect(kept.isWellFormed()).toBe(true);
      }),
    );
  });

  it("is without secrets, wherever they stand", () => {
    const update = { token: "SECRET", nested: [{ token: "SECRET", kept: 1 }] };
    expect(keptPayload(update, ["token"])).toEqual({ nested: [{ kept: 1 }] });
    expect(payloadText(update, ["token"])).not.toContain("SECRET");
  });

  it("ends somewhere, however deeply it is nested", () => {
    let deep: unknown = "bottom";
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    expect(payloadText(deep)).toContain("…");
  });
});

describe("A pause", () => {
  it("ends at its time, or with its signal, and leaves nothing behind", async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const ended: string[] = [];
    const first = pause(1000, clock, stop.signal).then(() => ended.push("first"));
    const second = pause(5000, clock, stop.signal).then(() => ended.push("second"));
    await clock.pass(1000);
    await first;
    stop.abort();
    await second;
    await pause(5000, clock, stop.signal);
    expect(ended).toEqual(["first", "second"]);
  });
});
