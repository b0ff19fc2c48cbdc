import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle, type FakeClock } from "@hermes/runtime/testing";
import { latenessOf } from "../src/backlog/absence.ts";
import { defaultBacklogPolicy } from "../src/backlog/backlog-policy.ts";
import { createHeldAgent, startGateway, type Bench, type BenchOptions } from "./set-up.ts";

const hourMs = 60 * 60_000;

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

async function stop({ gateway }: Bench, clock: FakeClock): Promise<void> {
  const stopping = gateway.stop();
  await clock.advance(10_000);
  await stopping;
}

/** A gateway that was there, is away for a while, and is there again. */
async function afterAbsence(forMs: number, options: BenchOptions = {}) {
  const clock = createFakeClock();
  const [store, chat] = [createMemoryStore(), createScriptedPlatform({ style: "edit" })];
  const first = await startGateway({ clock, store, chat, ...options });
  await clock.advance(5 * 60_000);
  await stop(first, clock);
  const leftMs = clock.now();
  await clock.advance(forMs);
  const bench = await startGateway({ clock, store, chat, ...options });
  const offer = async (...said: readonly (readonly [string, number, string?])[]) => {
    const messages = said.map(([text, agoMs, chatId = "c1"]) =>
      chat.message(text, { chatId, at: isoOf(bench.clock.now() - agoMs) }),
    );
    const answers = await chat.offer(messages);
    await settle();
    return answers;
  };
  return { ...bench, leftMs, offer, end: () => stop(bench, clock) };
}

describe("What came while the gateway was away", () => {
  it("is answered together, and the chat is told once for how long that was", async () => {
    const { offer, clock, chat, end } = await afterAbsence(3 * hourMs);
    await offer(["one", 2 * hourMs], ["two", 2 * hourMs], ["other", hourMs, "c2"]);
    await offer(["three", hourMs], ["four", 60_000]);
    await clock.advance(5000);
    expect(chat.texts()).toEqual(["I was away 3 h; 4 messages were waiting.", "echo: one\ntwo\nthree\nfour"]);
    expect(chat.texts("c2")).toEqual(["I was away 3 h; 1 message was waiting.", "echo: other"]);
    await offer(["five", 0]);
    await clock.advance(5000);
    expect(chat.texts().slice(2)).toEqual(["echo: five"]);
    await end();
    expect(clock.pending).toBe(0);
  });

  it("is not told of where it was not long, nor where it is written now", async () => {
    const short = await afterAbsence(4 * 60_000);
    await short.offer(["one", 60_000]);
    await short.clock.advance(5000);
    expect(short.chat.texts()).toEqual(["echo: one"]);
    await short.end();
    const long = await afterAbsence(3 * hourMs);
    await long.clock.advance(1000);
    await long.offer(["one", 0]);
    await long.clock.advance(5000);
    expect(long.chat.texts()).toEqual(["echo: one"]);
    await long.end();
  });

  it("too long ago is not answered, is kept in the ledger with the rule, and the chat is told once", async () => {
    const { offer, clock, chat, gateway, end } = await afterAbsence(50 * hourMs);
    expect(await offer(["one", 49 * hourMs], ["/new", 48 * hourMs], ["two", 2 * hourMs])).toEqual(["stored", "stored", "stored"]);
    await clock.advance(5000);
    expect(chat.texts().toSorted()).toEqual([
      "I was away 2 days. 2 messages from then are too old for me to answer unasked: please write again what still matters.",
      "I was away 2 days; 1 message was waiting.",
      "echo: two",
    ]);
    const { rows } = await gateway.ledger.listEvents({ limit: 5 });
    expect(rows.map(({ rule, verdict }) => [verdict, rule])).toContainEqual(["observe", "too-old"]);
    await end();
  });

  it("is answered whatever its age where the configuration says so", async () => {
    const { offer, clock, chat, end } = await afterAbsence(50 * hourMs, { backlog: { maxAgeMs: 100 * hourMs } });
    await offer(["one", 49 * hourMs]);
    await clock.advance(5000);
    expect(chat.texts().at(-1)).toBe("echo: one");
    await end();
  });

  it("is told of too where it was stored before, and waited for an answer all the time", async () => {
    const clock = createFakeClock();
    const [store, chat] = [createMemoryStore(), createScriptedPlatform({ style: "edit" })];
    const held = createHeldAgent();
    const first = await startGateway({ clock, store, chat, agent: held.agent });
    await clock.advance(5 * 60_000);
    await chat.says("one", { at: isoOf(clock.now()) });
    await chat.says("two", { at: isoOf(clock.now()) });
    await stop(first, clock);
    await clock.advance(3 * hourMs);
    const bench = await startGateway({ clock, store, chat });
    await clock.advance(5000);
    expect(chat.texts()).toEqual(["echo: one", "I was away 3 h; 1 message was waiting.", "echo: two"]);
    await stop(bench, clock);
  });

  it("while only its platform was away is the same", async () => {
    const clock = createFakeClock();
    const { chat, gateway } = await startGateway({ clock });
    await clock.advance(5 * 60_000);
    await gateway.pause("scripted");
    await clock.advance(2 * hourMs);
    const at = isoOf(clock.now() - hourMs);
    await gateway.resume("scripted");
    await settle();
    await chat.says("one", { at });
    await clock.advance(5000);
    expect(chat.texts()).toEqual(["I was away 2 h; 1 message was waiting.", "echo: one"]);
    await gateway.stop();
  });
});

describe("How late a message is", () => {
  it("depends on when it was written and how long the platform was away, and on nothing else", () => {
    const times = fc.record({ fromMs: fc.nat(1e9), awayMs: fc.nat(4e8), writtenMs: fc.nat(2e9), isRequest: fc.boolean() });
    fc.assert(
      fc.property(times, ({ fromMs, awayMs, writtenMs, isRequest }) => {
        const absence = { fromMs, untilMs: fromMs + awayMs };
        const author = { id: "7", isBot: false, assurance: "platform" } as const;
        const origin = { author, lifetime: isRequest ? "request" : "durable" } as const;
        const lateness = latenessOf({ origin, at: isoOf(writtenMs) }, absence, defaultBacklogPolicy);
        const ageMs = absence.untilMs - writtenMs;
        const counts = !isRequest && awayMs >= 10 * 60_000 && ageMs >= 0;
        expect(lateness).toBe(!counts ? "fresh" : ageMs > 24 * hourMs ? "too-old" : "late");
      }),
    );
  });

  it("is not at all where no clock can tell, or it was never there before", () => {
    const author = { id: "7", isBot: false, assurance: "platform" } as const;
    const origin = { author, lifetime: "durable" } as const;
    const absence = { fromMs: 0, untilMs: hourMs };
    expect(latenessOf({ origin, at: "yesterday" }, absence, defaultBacklogPolicy)).toBe("fresh");
    expect(latenessOf({ origin, at: isoOf(0) }, undefined, defaultBacklogPolicy)).toBe("fresh");
  });
});
