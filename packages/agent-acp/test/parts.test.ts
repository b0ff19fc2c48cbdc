import { systemClock, type AgentEvent } from "@hermes/core";
import { createFakeClock } from "@hermes/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeBlock, cut, oneLine, quoted } from "../src/plain-text.ts";
import { LineSplitter } from "../src/process/line-splitter.ts";
import { createRedaction, secretsOf } from "../src/secrets.ts";
import { EventQueue } from "../src/turn/event-queue.ts";
import { SessionCost, usageOf } from "../src/updates/usage.ts";

describe("Lines", () => {
  it("are the same however the bytes come, and never longer than they may be", () => {
    const lines = fc.array(fc.string({ unit: "binary", maxLength: 30 }), { maxLength: 10 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 }), (texts, size, limit) => {
        const clean = texts.map((text) => text.replaceAll("\n", " ").toWellFormed());
        const bytes = Buffer.from(clean.map((text) => `${text}\n`).join(""));
        const splitter = new LineSplitter(limit);
        const found = [];
        for (let start = 0; start < bytes.length; start += size)
          found.push(...splitter.push(bytes.subarray(start, start + size)));
        expect(splitter.end()).toBeUndefined();
        expect(found.map((line) => (line.kind === "line" ? line.text : line.sizeBytes))).toEqual(
          clean.map((text) => (Buffer.byteLength(text) <= limit ? text : Buffer.byteLength(text))),
        );
      }),
    );
  });
});

describe("Text", () => {
  it("is cut between characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, length) => {
        expect(cut(text, length).isWellFormed()).toBe(true);
        expect(cut(text, length).length).toBeLessThanOrEqual(length);
        expect(oneLine(text, length)).not.toMatch(/[\n\r]/u);
      }),
    );
  });

  it("stays in its block of code, and in its quotation", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("`", "```", "\n", "a", "~~~", ">")), (pieces) => {
        const text = pieces.join("");
        const lines = codeBlock(text).split("\n");
        const [fence = ""] = lines;
        expect(lines.slice(1, -1).filter((line) => line.trim().startsWith(fence))).toEqual([]);
        expect(
          quoted(text)
            .split("\n")
            .every((line) => line.startsWith(">")),
        ).toBe(true);
      }),
    );
  });

  it("keeps what joins an emoji and loses what hides an order", () => {
    expect(oneLine("👩‍🚀 hello\u{e0041}\u{e0042}\u202e!", 99)).toBe("👩‍🚀 hello!");
  });
});

describe("Secrets", () => {
  it("are found by the names of their variables, and in every header", () => {
    const mcpServers = {
      a: { command: "x", environment: { DB_PASSWORD: "hunter22", MODE: "fast-mode" } },
      b: { url: "https://example.org", headers: { "X-Any": "abcdefgh" } },
    };
    const environment = { PATH: "/usr/bin", API_KEY: "sk-1234567890", SHORT_TOKEN: "abc" };
    expect(secretsOf({ environment, mcpServers })).toEqual(["sk-1234567890", "hunter22", "abcdefgh"]);
  });

  it("are taken out whole, also where one holds another", () => {
    const redact = createRedaction(["secret-and-more", "secret"]);
    expect(redact("a secret-and-more b secret c")).toBe("a [concealed] b [concealed] c");
  });
});

describe("The events that wait", () => {
  it("are put together where they are text of one kind", async () => {
    const queue = new EventQueue(systemClock);
    await queue.push([
      { type: "text-delta", text: "a" },
      { type: "text-delta", text: "b" },
      { type: "reasoning-delta", text: "c" },
      { type: "text-delta", text: "d" },
    ]);
    queue.end();
    const events: AgentEvent[] = [];
    for await (const event of queue.read()) events.push(event);
    expect(events).toEqual([
      { type: "text-delta", text: "ab" },
      { type: "reasoning-delta", text: "c" },
      { type: "text-delta", text: "d" },
    ]);
  });

  it("hold up whoever tells more, but not for ever", async () => {
    const clock = createFakeClock();
    const queue = new EventQueue(clock);
    let isHeld = true;
    const pushed = queue.push([{ type: "text-delta", text: "x".repeat(5_000_000) }]).then(() => (isHeld = false));
    await clock.advance(9000);
    expect(isHeld).toBe(true);
    await clock.advance(2000);
    await pushed;
    await queue.push([{ type: "text-delta", text: "lost" }]);
    const reading = queue.read();
    expect((await reading.next()).value).toMatchObject({ type: "text-delta" });
    await expect(reading.next()).rejects.toThrow(/told more than was taken/u);
    expect(clock.pending).toBe(0);
  });

  it("let whoever waits for them go on once they were read", async () => {
    const queue = new EventQueue(systemClock);
    await queue.push([{ type: "text-delta", text: "a" }]);
    const seen: string[] = [];
    const reached = queue.reached().then(() => seen.push("reached"));
    const reading = queue.read();
    await reading.next();
    seen.push("read");
    const rest = reading.next();
    await reached;
    expect(seen).toEqual(["read", "reached"]);
    const forgotten = queue.reached();
    queue.end();
    await Promise.all([rest, forgotten]);
  });
});

describe("What an answer took", () => {
  const answer = (totalTokens: number, inputTokens: number) => ({
    stopReason: "end_turn" as const,
    usage: { totalTokens, inputTokens, outputTokens: 10, cachedReadTokens: 50, cachedWriteTokens: 5, thoughtTokens: 3 },
  });

  it("counts what was cached once, whichever way the agent counts it", () => {
    const usage = { inputTokens: 75, outputTokens: 10, cachedInputTokens: 50, reasoningTokens: 3 };
    expect(usageOf(answer(85, 20), undefined)).toEqual([{ type: "usage", usage }]);
    expect(usageOf(answer(85, 75), 0.5)).toEqual([{ type: "usage", usage: { ...usage, costUsd: 0.5 } }]);
    expect(usageOf({ stopReason: "end_turn" }, 1)).toEqual([]);
  });

  it("is the growth of what the session has cost", () => {
    const told = (amount: unknown, currency = "USD") => ({ sessionUpdate: "usage_update", cost: { amount, currency } });
    const fresh = new SessionCost(0);
    fresh.take(told(0.25));
    expect(fresh.sinceLast()).toBe(0.25);
    fresh.take(told(1));
    fresh.take(told(9, "EUR"));
    fresh.take(told("much"));
    expect(fresh.sinceLast()).toBe(0.75);
    const earlier = new SessionCost(undefined);
    earlier.take(told(7));
    expect(earlier.sinceLast()).toBeUndefined();
    earlier.take(told(8));
    expect(earlier.sinceLast()).toBe(1);
  });
});
