import { createClient, createDispatcher, type Client } from "@hermes/protocol";
import { StoreError, type GatewayStatus, type Ledger } from "@hermes/runtime";
import { describe, expect, it } from "vitest";
import { emptyLedger } from "../../src/rpc/empty-ledger.ts";
import { createOfflineHandlers } from "../../src/rpc/offline-handlers.ts";
import { createBook, deliveryOf, eventOf, messageOf, partOf } from "./ledger-book.ts";

function ask(ledger: Ledger, platforms: GatewayStatus["platforms"] = []): Client {
  const handlers = createOfflineHandlers({ ledger, platforms: () => platforms, isReady: () => true });
  const dispatcher = createDispatcher({
    handlers,
    onFault: (error) => {
      throw error;
    },
  });
  return createClient({
    send: async (request) => JSON.parse((await dispatcher.dispatch(JSON.stringify(request), { scope: "admin" })) ?? "null"),
  });
}

describe("The ledger by the protocol", () => {
  it("has a delivery with its parts, and nothing of what only its platform may see", async () => {
    const delivery = await ask(createBook([deliveryOf("turn_1")]).ledger).call("deliveries.show", { replyId: "turn_1" });
    expect(delivery).toEqual({
      replyId: "turn_1",
      kind: "turn",
      state: "sent",
      sessionKey: "agent:main:acme:dm:42",
      attempts: 0,
      seq: 5,
      chat: { platform: "acme", chatId: "42", type: "dm", name: "Ada" },
      startedAtMs: 5000,
      endedAtMs: 5300,
      parts: 1,
      partsSent: 1,
      outcome: "finished",
      author: { id: "42", name: "Ada", isBot: false },
      answers: { platform: "acme", chatId: "42", messageId: "5" },
      details: [partOf("echo: hello")],
    });
    expect(JSON.stringify(delivery)).not.toContain("secret");
  });

  it("has the way of a message by any of its ids, and nothing of what only its platform may see", async () => {
    const client = ask(createBook([deliveryOf("turn_1")], [eventOf(5, messageOf("hello"))]).ledger);
    const timeline = await client.call("timeline.show", { id: "5" });
    expect(timeline).toMatchObject({
      event: { seq: 5, content: { type: "message", text: "hello", messageId: "5", attachments: 1, author: { id: "42" } } },
      deliveries: [{ replyId: "turn_1" }],
    });
    expect(await client.call("timeline.show", { id: "turn_1" })).toMatchObject({ deliveries: [{ replyId: "turn_1" }] });
    expect(JSON.stringify(timeline)).not.toContain("secret");
  });

  it("has no content of an event of which nothing is kept", async () => {
    const { event: _, ...refused } = eventOf(1, messageOf("x"), { verdict: "refuse", rule: "not-allowed", state: "recorded" });
    const client = ask(createBook([], [refused]).ledger);
    expect(await client.call("events.show", { seq: 1 })).not.toHaveProperty("content");
  });

  it("lists a page at a time, filtered", async () => {
    const deliveries = [deliveryOf("c", { state: "failed" }), deliveryOf("b"), deliveryOf("a", { state: "unknown" })];
    const events = [eventOf(2, messageOf("two")), eventOf(1, messageOf("one"), { verdict: "observe" })];
    const client = ask(createBook(deliveries, events).ledger);
    const first = await client.call("deliveries.list", { state: "troubled", limit: 1 });
    expect(first).toMatchObject({ rows: [{ replyId: "c" }], next: "c" });
    expect(await client.call("deliveries.list", { state: "troubled", limit: 1, after: "c" })).toMatchObject({
      rows: [{ replyId: "a" }],
    });
    expect((await client.call("deliveries.list")).rows).toHaveLength(3);
    expect(await client.call("deliveries.list", { platform: "other" })).toEqual({ rows: [] });
    expect((await client.call("events.list", { verdict: "observe" })).rows.map(({ seq }) => seq)).toEqual([1]);
  });

  it("does by hand what is asked, says what came of it, and what was refused", async () => {
    const { ledger, done } = createBook([deliveryOf("a"), deliveryOf("b", { state: "failed" })], [eventOf(1, messageOf("one"))]);
    const client = ask(ledger);
    expect(await client.call("deliveries.retry", { replyId: "b" })).toEqual({ done: true, message: "b: retry." });
    expect(await client.call("deliveries.drop", { replyId: "a" })).toEqual({ done: false, message: "a is shown already." });
    expect(await client.call("events.replay", { seq: 1 })).toMatchObject({ done: true });
    expect(done).toEqual(["retry b", "replay 1"]);
  });

  it("says that something is not there, without doing anything", async () => {
    const { ledger, done } = createBook([]);
    const client = ask(ledger);
    const missing = { kind: "not-found" };
    await expect(client.call("deliveries.show", { replyId: "x" })).rejects.toMatchObject(missing);
    await expect(client.call("deliveries.retry", { replyId: "x" })).rejects.toMatchObject(missing);
    await expect(client.call("deliveries.drop", { replyId: "x" })).rejects.toMatchObject(missing);
    await expect(client.call("events.show", { seq: 9 })).rejects.toMatchObject({
      ...missing,
      message: "There is no event number 9.",
    });
    await expect(client.call("events.replay", { seq: 9 })).rejects.toMatchObject(missing);
    await expect(client.call("timeline.show", { id: "x" })).rejects.toMatchObject({ message: 'Nothing is known by the id "x".' });
    expect(done).toEqual([]);
  });

  it("passes on what a store refuses, since that says what to do", async () => {
    const full = async (): Promise<never> => {
      throw new StoreError("full", "The disk is full: make room");
    };
    const client = ask({ ...emptyLedger, listEvents: full });
    await expect(client.call("events.list")).rejects.toMatchObject({
      kind: "unavailable",
      message: "The disk is full: make room",
    });
  });

  it("lists platforms with why they are not up", async () => {
    const facts = { admission: { taken: 1, refused: 0, takenAtMs: 5 }, delivery: { sent: 0, failed: 0 } };
    const client = ask(emptyLedger, [
      {
        id: "acme",
        kind: "acme",
        sinceMs: 1,
        ...facts,
        condition: { state: "up", transport: "up" },
        identity: { id: "1", name: "Bot" },
      },
      {
        id: "work",
        kind: "acme",
        sinceMs: 2,
        ...facts,
        condition: { state: "blocked", heldBy: "gateway with pid 7", retryAtMs: 9 },
      },
      { id: "sick", kind: "acme", sinceMs: 3, ...facts, condition: { state: "failed", reason: "a wrong token" } },
    ]);
    expect((await client.call("platforms.list")).rows).toEqual([
      { id: "acme", kind: "acme", state: "up", sinceMs: 1, ...facts, name: "Bot" },
      { id: "work", kind: "acme", state: "blocked", sinceMs: 2, ...facts, reason: "gateway with pid 7", retryAtMs: 9 },
      { id: "sick", kind: "acme", state: "failed", sinceMs: 3, ...facts, reason: "a wrong token" },
    ]);
  });

  it("lists platforms with what keeps them alive", async () => {
    const facts = { admission: { taken: 1, refused: 0 }, delivery: { sent: 0, failed: 0 } };
    const open = { phase: "open", failures: 11, openedAtMs: 4, probeAtMs: 9 } as const;
    const client = ask(emptyLedger, [
      {
        id: "off",
        kind: "acme",
        sinceMs: 5,
        ...facts,
        condition: { state: "tripped", reason: "no answer", failures: 11, probeAtMs: 9 },
        breaker: open,
        replaced: { count: 2, lastAtMs: 3, why: "silence" },
      },
      {
        id: "on",
        kind: "acme",
        sinceMs: 5,
        ...facts,
        condition: { state: "up", transport: "degraded", detail: "slow" },
        transport: { state: "degraded", detail: "slow", sinceMs: 5, heardAtMs: 7 },
        doubt: "silence",
        turnedAway: { count: 1, lastAtMs: 2 },
      },
    ]);
    expect((await client.call("platforms.list")).rows).toEqual([
      {
        id: "off",
        kind: "acme",
        state: "tripped",
        sinceMs: 5,
        ...facts,
        reason: "no answer",
        breaker: open,
        replaced: 2,
        replacedAtMs: 3,
      },
      {
        id: "on",
        kind: "acme",
        state: "up",
        sinceMs: 5,
        ...facts,
        reason: "degraded: slow",
        transport: { state: "degraded", sinceMs: 5, heardAtMs: 7 },
        doubt: "silence",
        turnedAway: 1,
        turnedAwayAtMs: 2,
      },
    ]);
  });
});
