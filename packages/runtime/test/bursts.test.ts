import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentFunction, Attachment, Input } from "@hermes/core";
import { createMemoryStore } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { startGateway, type BenchOptions } from "./set-up.ts";

const burst = { windowMs: 600, splitWindowMs: 2000, splitLength: 4000 };

/** A gateway on a platform whose clients tear messages apart, and what its agent was given. */
async function start(options: BenchOptions = {}) {
  const inputs: Input[] = [];
  const agent: AgentFunction = async function* (turn) {
    inputs.push(...turn.input);
    yield { type: "text-delta", text: "ok" };
  };
  const bench = await startGateway({ agent, busy: {}, scripted: { burst }, ...options });
  return { ...bench, inputs, texts: () => inputs.map(({ text }) => text) };
}

function picture(name: string): Attachment {
  return { kind: "image", ticket: name };
}

describe("What belongs together", () => {
  it("is one turn: quick lines", async () => {
    const { chat, clock, texts, gateway } = await start();
    await chat.says("one");
    await clock.advance(500);
    await chat.says("two");
    await clock.advance(500);
    await chat.says("three");
    await clock.advance(599);
    expect(texts()).toEqual([]);
    await clock.advance(1);
    expect(texts()).toEqual(["one\ntwo\nthree"]);
    await gateway.stop();
    expect(clock.pending).toBe(0);
  });

  it("is one turn: a long paste that a client cut, whose pieces may be slow", async () => {
    const { chat, clock, texts, gateway } = await start();
    const long = "x".repeat(4096);
    await chat.says(long);
    await clock.advance(1900);
    await chat.says(long);
    await clock.advance(1900);
    await chat.says("the end");
    await clock.advance(600);
    expect(texts()).toEqual([`${long}\n${long}\nthe end`]);
    await gateway.stop();
  });

  it("is one turn: an album, its caption once", async () => {
    const { chat, clock, inputs, gateway } = await start();
    const album = { albumId: "a" };
    await chat.offer([
      chat.message("look", { ...album, attachments: [picture("1")] }),
      chat.message("", { ...album, attachments: [picture("2")] }),
      chat.message("look", { ...album, attachments: [picture("3")] }),
    ]);
    await clock.advance(600);
    expect(inputs.map(({ text, attachments }) => [text, attachments.map(({ ticket }) => ticket)])).toEqual([
      ["look", ["1", "2", "3"]],
    ]);
    await gateway.stop();
  });

  it("says twice what somebody wrote twice", async () => {
    const { chat, clock, texts, gateway } = await start();
    for (const text of ["no", "no", "no"]) await chat.says(text);
    await clock.advance(600);
    expect(texts()).toEqual(["no\nno\nno"]);
    await gateway.stop();
  });

  it("is never what different people write, also in one thread", async () => {
    const { chat, clock, texts, gateway } = await start({ busy: { mode: "queue" } });
    const thread = { chatId: "g", type: "group", threadId: "t" } as const;
    await chat.says("one", { ...thread, userId: "7" });
    await chat.says("two", { ...thread, userId: "8" });
    await chat.says("three", { ...thread, userId: "7" });
    await clock.advance(5000);
    expect(texts()).toEqual(["one", "two", "three"]);
    await gateway.stop();
  });

  it("does not keep the first words waiting for ever", async () => {
    const { chat, clock, texts, gateway } = await start({ busy: { mode: "queue" } });
    for (let line = 0; line < 40; line += 1) {
      await chat.says(`${line}`);
      await clock.advance(500);
    }
    await clock.advance(15_000);
    expect(texts().length).toBeGreaterThan(1);
    expect(texts().join("\n").split("\n")).toEqual(Array.from({ length: 40 }, (_, line) => `${line}`));
    await gateway.stop();
  });

  it("waits for nothing where the configuration says so, nor for who is waited for", async () => {
    const without = await start({ bursts: { scripted: false } });
    await without.chat.says("one");
    await settle();
    expect(without.texts()).toEqual(["one"]);
    await without.gateway.stop();
    const asking = await start();
    await asking.chat.says("one", { lifetime: "request" });
    await settle();
    expect(asking.texts()).toEqual(["one"]);
    await asking.gateway.stop();
  });

  it("is dropped by /stop as a whole", async () => {
    const { chat, clock, texts, gateway } = await start();
    await chat.says("one");
    await chat.says("two");
    await chat.says("/stop");
    await clock.advance(5000);
    expect([texts(), chat.texts()]).toEqual([[], ["Nothing was running. 2 waiting messages were dropped."]]);
    await gateway.stop();
  });

  it("loses nothing when the process ends meanwhile", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit", burst });
    const first = await start({ store, chat });
    await first.chat.says("one");
    await first.clock.advance(300);
    await first.chat.says("two");
    const stopping = first.gateway.stop();
    await first.clock.advance(5000);
    await stopping;
    expect(first.texts()).toEqual([]);
    const next = await start({ store, chat });
    await next.clock.advance(5000);
    expect([first.texts(), next.texts()]).toEqual([[], ["one\ntwo"]]);
    await next.gateway.stop();
  });

  it("whatever people write, and when: everything once, in order, and no two people in one turn", async () => {
    const line = fc.record({
      userId: fc.constantFrom("7", "8"),
      afterMs: fc.constantFrom(0, 100, 599, 600, 700, 3000),
      length: fc.constantFrom(1, 4096),
      album: fc.constantFrom(undefined, "a", "b"),
    });
    const mode = fc.constantFrom("interrupt" as const, "queue" as const);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), mode, async (lines, busyMode) => {
        const { chat, clock, inputs, gateway } = await start({ busy: { mode: busyMode } });
        for (const [index, { userId, afterMs, length, album }] of lines.entries()) {
          await clock.advance(afterMs);
          const words = `${index}${userId}`.padEnd(length, ".");
          await chat.says(words, { userId, ...(album === undefined ? {} : { albumId: album }) });
        }
        await clock.advance(60_000);
        const given = inputs.flatMap(({ text, author }) => text.split("\n").map((each) => [each.slice(0, 3), author.id]));
        const said = lines.map(({ userId, length }, index) => [`${index}${userId}`.padEnd(length, ".").slice(0, 3), userId]);
        expect(given).toEqual(said);
        await gateway.stop();
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
