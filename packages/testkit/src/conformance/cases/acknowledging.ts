import assert from "node:assert/strict";
import type { PlatformEvent } from "@hermes/core";
import { defineCase } from "../case.ts";
import type { Life } from "../life.ts";
import type { Stage } from "../stage.ts";

/** Nothing is acknowledged that is not stored, and nothing is lost. */
export const acknowledgingCases = [
  defineCase("what could not be stored comes again, the same", async (stage) => {
    const life = await stage.listening();
    const refused: PlatformEvent[] = [];
    life.host.gate = async (events) => {
      if (refused.length > 0) return undefined;
      refused.push(...events);
      throw new Error("the disk is full");
    };
    await stage.bench.people.says({ in: stage.place.chat, text: "keep this" });
    await stage.until("The message was offered", () => refused.length > 0);
    await stage.bench.redeliver?.();
    await life.heard("keep this");
    const again = stage.storage.events.filter(({ eventId }) => refused.some((event) => event.eventId === eventId));
    assert.deepEqual(again.map(withoutNames), refused.map(withoutNames), "what came again is not what came first");
  }),
  defineCase("what was not stored when the process ended comes again, the same", async (stage) => {
    if (isForgetful(stage)) return stage.declines("keeps nothing for those who are away");
    const before = await stage.listening();
    const refused: PlatformEvent[] = [];
    before.host.gate = async (events) => {
      refused.push(...events);
      throw new Error("the process ends");
    };
    await stage.bench.people.says({ in: stage.place.chat, text: "across the end" });
    await stage.until("The message was offered", () => refused.length > 0);
    await before.end();
    const after = await stage.listening();
    await stage.bench.redeliver?.();
    const event = await after.heard("across the end");
    const first = refused.filter(({ eventId }) => eventId === event.eventId).map(withoutNames);
    assert.deepEqual([withoutNames(event)], first.slice(0, 1), "the event is not the same after a restart");
  }),
  defineCase("what was stored and is told again is known by its event id", async (stage) => {
    if (isForgetful(stage)) return stage.declines("keeps nothing for those who are away");
    const before = await stage.listening();
    before.host.gate = async (events) => {
      for (const event of events.filter(({ eventId }) => !stage.storage.seen.has(eventId))) {
        stage.storage.events.push(event);
        stage.storage.seen.add(event.eventId);
      }
      throw new Error("the process ends after the commit");
    };
    await stage.bench.people.says({ in: stage.place.chat, text: "stored already" });
    await before.heard("stored already");
    await before.end();
    const after = await stage.listening();
    await stage.bench.redeliver?.();
    await stage.hear(after, { text: "the next one" });
    const copies = stage.storage.events.filter((event) => event.type === "message" && event.text === "stored already");
    assert.equal(copies.length, 1, "the same message has two event ids");
  }),
  defineCase("nothing is acknowledged while it is not stored", async (stage) => {
    const life = await stage.listening();
    const { promise, resolve } = Promise.withResolvers<void>();
    const visits = stage.door.visits.length;
    const known = JSON.stringify([...stage.storage.values]);
    let isOffered = false;
    life.host.gate = async () => {
      isOffered = true;
      await promise;
      return undefined;
    };
    try {
      await stage.bench.people.says({ in: stage.place.chat, text: "wait for me" });
      await stage.until("The message was offered", () => isOffered);
      await stage.quiet();
      const answered = stage.door.visits.slice(visits).filter(({ status }) => status >= 200 && status < 300);
      assert.deepEqual(answered, [], "a webhook was answered before its event was stored");
      assert.equal(JSON.stringify([...stage.storage.values]), known, "the cursor moved before its events were stored");
    } finally {
      resolve();
    }
    await life.heard("wait for me");
  }),
  defineCase("nothing is lost and nothing doubled while the store is slow", async (stage) => {
    const life = await stage.listening();
    life.host.gate = async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return undefined;
    };
    const texts = Array.from({ length: 8 }, (_, index) => `slow ${index}`);
    for (const text of texts) await stage.bench.people.says({ in: stage.place.chat, text });
    await life.heard("slow 7");
    for (const text of texts) await life.heard(text);
    assert.deepEqual(said(stage, "slow"), texts, "messages are missing, doubled or out of order");
  }),
  defineCase("what was refused is acknowledged like the rest", async (stage) => {
    if (isForgetful(stage)) return stage.declines("keeps nothing for those who are away");
    const before = await stage.listening();
    before.host.gate = async (events) => events.map(() => "refused" as const);
    await stage.bench.people.says({ in: stage.place.chat, text: "refuse me" });
    await offered(stage, before, "refuse me");
    before.host.gate = async () => undefined;
    await stage.hear(before, { text: "a marker" });
    await before.end();
    const after = await stage.listening();
    await stage.hear(after, { text: "another marker" });
    assert.deepEqual(said(stage, "refuse"), [], "what was refused came again");
  }),
  defineCase("what was stored does not come again after a restart", async (stage) => {
    const before = await stage.listening();
    await stage.hear(before, { text: "only once" });
    await stage.hear(before, { text: "a marker" });
    await before.end();
    const after = await stage.listening();
    await stage.hear(after, { text: "another marker" });
    const told = after.host.offers.flatMap(({ events }) => events);
    const again = told.filter((event) => event.type === "message" && event.text === "only once");
    assert.deepEqual(again, [], "it was not acknowledged");
  }),
  defineCase("what is said while nobody listens arrives later", async (stage) => {
    if (isForgetful(stage)) return stage.declines("keeps nothing for those who are away");
    const before = await stage.listening();
    await before.end();
    stage.door.receive = async () => new Response(null, { status: 503 });
    await stage.bench.people.says({ in: stage.place.chat, text: "while you were away" });
    const after = await stage.listening();
    await stage.bench.redeliver?.();
    await after.heard("while you were away");
  }),
  defineCase("what is caught up on is what would have been heard, and nothing older", async (stage) => {
    const before = await stage.listening();
    if (before.connection.catchUp === undefined) return stage.declines("keeps no history to catch up on");
    const { chat } = stage.place;
    await stage.hear(before, { text: "too long ago" });
    const { event: last } = await stage.hear(before, { text: "the last before" });
    const { event: heard } = await stage.hear(before, { text: "heard and caught up on" });
    await before.end();
    stage.door.receive = async () => new Response(null, { status: 503 });
    await stage.bench.people.says({ in: chat, text: "while you were away" });
    const { connection } = await stage.connected();
    const told: PlatformEvent[] = [];
    for await (const event of connection.catchUp?.(chat, last.at) ?? []) told.push(event);
    assert.deepEqual(JSON.parse(JSON.stringify(told)), told);
    const messages = told.filter((event) => event.type === "message");
    assert.deepEqual(
      messages.find(({ text }) => text === heard.text),
      heard,
      "the same message is another event when it is caught up on",
    );
    assert.equal(messages.filter(({ text }) => text === "while you were away").length, 1, "what was missed is still missing");
    assert.ok(!messages.some(({ text }) => text === "too long ago"), "what is older than asked for came as well");
  }),
] as const;

function isForgetful(stage: Stage): boolean {
  const { replay } = stage.capabilities.inbound;
  return (replay === "none" || replay === "resume") && stage.bench.redeliver === undefined;
}

function said(stage: Stage, prefix: string): readonly string[] {
  return stage.storage.events.flatMap((event) => (event.type === "message" && event.text.startsWith(prefix) ? [event.text] : []));
}

async function offered(stage: Stage, life: Life, text: string): Promise<void> {
  await stage.until(`"${text}" was offered`, () =>
    life.host.offers.some(({ events }) => events.some((event) => event.type === "message" && event.text === text)),
  );
}

/** What people and chats are called is what the platform calls them now: they may be renamed, or a look-up may fail. */
function withoutNames(event: PlatformEvent): PlatformEvent {
  const { name: _chat, ...chat } = event.chat;
  const { name: _author, ...author } = event.origin.author;
  return { ...event, chat, origin: { ...event.origin, author } };
}
