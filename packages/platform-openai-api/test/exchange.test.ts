import type { PlatformEvent, PlatformHost } from "@hermes/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chatCompletionEvents, responseEvents, type encodeResponse } from "../src/encode.ts";
import { fromKept, toKept, type Answer, type AnswerFacts, type Outcome } from "../src/exchange/answer.ts";
import { Exchange } from "../src/exchange/exchange.ts";
import { Exchanges } from "../src/exchange/exchanges.ts";

const facts: AnswerFacts = {
  id: "00000000-0000-4000-8000-000000000000",
  api: "responses",
  createdMs: 1_767_225_600_000,
  chatId: "request-1",
  caller: "ada",
  model: "m",
  input: "x",
  store: true,
  includeUsage: true,
  parameters: {},
};
const logs: string[] = [];
const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (text: string) => void logs.push(text),
  error: () => undefined,
};

function exchangeOf(id = facts.id, more: Partial<ConstructorParameters<typeof Exchange>[0]> = {}): Exchange {
  return new Exchange({
    facts: { ...facts, id },
    chat: { ref: { platform: "openai-api", chatId: "request-1" }, type: "dm" },
    author: { id: "ada", isBot: false, assurance: "platform" },
    logger,
    settle: async () => undefined,
    onAbandoned: () => undefined,
    ...more,
  });
}

const listening = () => {
  const heard = { text: "" };
  return {
    heard,
    listener: { text: (delta: string) => void (heard.text += delta), progress: () => undefined, end: () => undefined },
  };
};

describe("An exchange", () => {
  test("tells everybody the whole text, whenever they join", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string())), fc.nat(), (parts, at) => {
        const exchange = exchangeOf();
        const early = listening();
        const late = listening();
        exchange.join(early.listener);
        let said = 0;
        for (const pieces of parts) {
          const add = exchange.openPart();
          for (const piece of pieces) {
            if (said++ === at) exchange.join(late.listener);
            add(piece);
          }
        }
        if (said <= at) exchange.join(late.listener);
        expect(late.heard.text).toBe(early.heard.text);
        const paragraphs = parts.map((pieces) => pieces.join("")).filter((text) => text !== "");
        expect(early.heard.text).toBe(paragraphs.join("\n\n"));
      }),
    );
  });

  test("tells of what was done before anybody listened", () => {
    const exchange = exchangeOf();
    exchange.progress({ type: "reasoning-delta", text: "Hm." });
    const heard: unknown[] = [];
    exchange.join({ text: () => undefined, progress: (event) => void heard.push(event), end: () => undefined });
    expect(heard).toEqual([{ type: "reasoning-delta", text: "Hm." }]);
  });

  test("is over all the same where it could not be kept", async () => {
    const exchange = exchangeOf(facts.id, { settle: () => Promise.reject(new Error("the disk is full")) });
    exchange.openPart()("hello");
    exchange.end({ kind: "finished" });
    exchange.end({ kind: "failed", message: "too late" });
    expect(await exchange.answer).toMatchObject({ text: "hello", outcome: { kind: "finished" } });
    expect(logs).toEqual(["An answer could not be kept: the disk is full"]);
  });

  test("is ended, and its agent stopped, where the answer grows without end", async () => {
    let abandoned = 0;
    const exchange = exchangeOf(facts.id, { onAbandoned: () => void (abandoned += 1) });
    const add = exchange.openPart();
    for (let said = 0; said < 17; said += 1) add("x".repeat(1_000_000));
    expect(await exchange.answer).toMatchObject({ outcome: { kind: "too-long" } });
    expect(abandoned).toBe(1);
  });
});

describe("A stop", () => {
  const offers: PlatformEvent[] = [];
  const host = {
    logger,
    accept: async (events: readonly PlatformEvent[]) => (offers.push(...events), ["stored"]),
  } as unknown as PlatformHost;

  test("is sent once everybody in the conversation has gone, and not before", async () => {
    const exchanges = new Exchanges({ now: () => 0, wakeAt: () => () => undefined });
    const [first, second] = ["1", "2"].map((id) => {
      const exchange: Exchange = exchangeOf(id, { onAbandoned: () => void exchanges.stop(exchange, host) });
      exchanges.add(exchange);
      return exchange.join(listening().listener);
    });
    first?.();
    first?.();
    expect(offers).toEqual([]);
    second?.();
    expect(offers).toMatchObject([{ type: "control", control: "stop", chat: { ref: { chatId: "request-1" } } }]);
    expect(exchanges.isOwnStop(offers[0]?.origin)).toBe(true);
  });
});

describe("An answer", () => {
  const outcomes: readonly Outcome[] = [
    { kind: "finished" },
    { kind: "interrupted" },
    { kind: "failed", message: "no" },
    { kind: "dropped" },
    { kind: "too-long" },
    { kind: "shutdown" },
  ];

  test("is read as it was kept, and nothing else is", () => {
    for (const outcome of outcomes) {
      const answer: Answer = {
        facts: { ...facts, instructions: "i", previousResponseId: "p", parameters: { stop: ["a"] } },
        text: "t",
        outcome,
        usage: { input: 1, output: 2 },
      };
      expect(fromKept(JSON.parse(JSON.stringify(toKept(answer))))).toEqual(answer);
    }
    for (const kept of [undefined, null, 5, {}, { facts, text: "t" }]) expect(fromKept(kept)).toBeUndefined();
  });

  test("in pieces says what was said, whatever is in it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1 }),
        fc.constantFrom(...outcomes),
        (deltas, outcome) => {
          const text = deltas.join("");
          const answer: Answer = { facts, text, outcome };
          const encoder = responseEvents(facts);
          const written = encoder.open() + deltas.map((delta) => encoder.text(delta)).join("") + encoder.end(answer);
          const events = parsed(written) as {
            type: string;
            delta?: string;
            sequence_number: number;
            response?: ReturnType<typeof encodeResponse>;
          }[];
          expect(events.map((event) => event.delta ?? "").join("")).toBe(text);
          expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
          expect(events.at(-1)?.type).toBe(`response.${events.at(-1)?.response?.status}`);
          const chat = chatCompletionEvents({ ...facts, api: "chat-completions" });
          const chunks = parsed(deltas.map((delta) => chat.text(delta)).join("")) as {
            choices: { delta: { content: string } }[];
          }[];
          expect(chunks.map((chunk) => chunk.choices[0]?.delta.content).join("")).toBe(text);
        },
      ),
    );
  });
});

/** What a parser of server-sent events makes of it. */
function parsed(written: string): readonly unknown[] {
  return written
    .split("\n\n")
    .filter((event) => event !== "")
    .map(
      (event) =>
        JSON.parse(
          event
            .split("\n")
            .findLast((line) => line.startsWith("data: "))
            ?.slice(6) ?? "",
        ) as unknown,
    );
}
