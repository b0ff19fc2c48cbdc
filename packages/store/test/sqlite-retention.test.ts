import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSessionKey, type Chat, type MessageEvent, type Part } from "@hermes/core";
import type { Retention, Store } from "@hermes/runtime";
import { openSqliteStore } from "@hermes/store/sqlite";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const dayMs = 24 * 60 * 60_000;
const sent = { index: 0, desired: ["x"], shown: [], refs: [], state: "sent" } as unknown as Part;

let folder: string;
let store: Store;
let reader: Sqlite.Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hermes-store-"));
  store = await openSqliteStore({ path: join(folder, "hermes.db"), durability: "process" });
  await store.open();
  reader = new Sqlite(join(folder, "hermes.db"), { readonly: true });
});
afterEach(async () => {
  reader.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function chatOf(chatId: string): Chat {
  return { ref: { platform: "p", chatId }, type: "dm" };
}

/** Somebody says `text` in `chatId`; their turn begins. */
async function begin(chatId: string, text: string, nowMs: number): Promise<string> {
  const chat = chatOf(chatId);
  const origin = { author: { id: "7", isBot: false, assurance: "platform" }, lifetime: "durable" } as const;
  const id = `${chatId}-${String(nowMs).padStart(12, "0")}`;
  const event: MessageEvent = {
    version: 1,
    type: "message",
    eventId: id,
    messageId: id,
    chat,
    origin,
    at: "",
    text,
    addressed: true,
    attachments: [],
  };
  const sessionKey = buildSessionKey({ kind: "chat", chat });
  const intake = { event, verdict: "run", rule: "r", work: { kind: "turn", sessionKey } } as const;
  await store.acceptEvents({ platform: "p", intakes: [intake], nowMs });
  // Ids sort by time, as the runtime's do.
  const turnId = `turn_${String(nowMs).padStart(12, "0")}_${chatId}`;
  await store.claimTurn({ sessionKey, turnId, newSessionId: `s-${chatId}-${nowMs}`, nowMs });
  return turnId;
}

async function say(chatId: string, text: string, nowMs: number): Promise<void> {
  const turnId = await begin(chatId, text, nowMs);
  await store.finishTurn({ turnId, outcome: "finished", text: `answer to ${text}`, parts: [sent], nowMs });
}

async function endSession(chatId: string, nowMs: number): Promise<void> {
  await store.endSession({ sessionKey: buildSessionKey({ kind: "chat", chat: chatOf(chatId) }), nowMs });
}

async function maintain(nowMs: number, retention: Retention): Promise<number> {
  let slices = 1;
  while (await store.maintain({ nowMs, ...retention })) slices += 1;
  return slices;
}

function ids(sql: string): readonly unknown[] {
  return reader.prepare(sql).pluck().all();
}

describe("What is over", () => {
  it("goes with its turn, and what runs or is not shown whole stays with all that belongs to it", async () => {
    await say("a", "done", 0);
    const running = await begin("b", "running", 1);
    const unsent = await begin("c", "unsent", 2);
    await store.finishTurn({
      turnId: unsent,
      outcome: "finished",
      text: "late",
      parts: [{ ...sent, state: "closed" }],
      nowMs: 2,
    });
    const sessionKey = buildSessionKey({ kind: "chat", chat: chatOf("a") });
    await store.postNotice({ replyId: "turn_000000000003_notice", sessionKey, chat: chatOf("a"), parts: [sent], nowMs: 3 });
    await say("d", "young", 20 * dayMs);
    await maintain(31 * dayMs, { keepBodiesMs: 30 * dayMs });
    expect(ids("SELECT id FROM turns ORDER BY id")).toEqual([running, unsent, expect.stringContaining("_d")]);
    expect(ids("SELECT count(*) FROM events")).toEqual([3]);
    expect(ids("SELECT turn_id FROM parts ORDER BY turn_id")).toEqual([unsent, expect.stringContaining("_d")]);
    await store.settleParts({ replyId: unsent, parts: [sent] });
    await maintain(32 * dayMs, { keepBodiesMs: 30 * dayMs });
    expect(ids("SELECT id FROM turns ORDER BY id")).toEqual([running, expect.stringContaining("_d")]);
    expect(ids("SELECT count(*) FROM entries")).toEqual([7]);
  });

  it("goes in slices, however much it is, and what is young is not looked through", async () => {
    for (let index = 0; index < 600; index += 1) await say("a", `text ${index}`, index);
    for (let index = 0; index < 600; index += 1) await say("a", `young ${index}`, 31 * dayMs + index);
    expect(await maintain(32 * dayMs, { keepBodiesMs: 30 * dayMs })).toBeGreaterThan(2);
    expect(ids("SELECT count(*) FROM turns")).toEqual([600]);
    expect(ids("SELECT count(*) FROM events")).toEqual([600]);
    expect(ids("SELECT count(*) FROM parts")).toEqual([600]);
    expect(await maintain(32 * dayMs, { keepBodiesMs: 30 * dayMs })).toBe(1);
  });
});

describe("What was cut off", () => {
  it("stays until the next turn has been told of it", async () => {
    const turnId = await begin("a", "cut off", 0);
    await store.askQuestion({ turnId, step: 1, parts: [], question: { key: "k", text: "Sure?" } as never, expiresAtMs: 10 });
    await store.finishTurn({ turnId, outcome: "interrupted", cutOff: "set", text: "", parts: [sent], nowMs: 0 });
    await maintain(31 * dayMs, { keepBodiesMs: 30 * dayMs });
    expect(ids("SELECT id FROM turns")).toEqual([turnId]);
    const next = await begin("a", "next", 31 * dayMs);
    await store.finishTurn({ turnId: next, outcome: "finished", cutOff: "clear", text: "", parts: [sent], nowMs: 31 * dayMs });
    await maintain(62 * dayMs, { keepBodiesMs: 30 * dayMs });
    expect(ids("SELECT count(*) FROM turns")).toEqual([0]);
    expect(ids("SELECT count(*) FROM questions")).toEqual([0]);
  });
});

describe("The history", () => {
  const retention = { keepBodiesMs: 30 * dayMs, keepHistoryMs: 100 * dayMs };

  it("is kept for ever unless a time is named", async () => {
    await say("a", "long ago", 0);
    await maintain(10_000 * dayMs, { keepBodiesMs: 30 * dayMs });
    expect((await store.search({ text: "long ago", limit: 10 })).map((hit) => hit.text)).toEqual([
      "answer to long ago",
      "long ago",
    ]);
  });

  it("goes when it is older than that, out of the index as well, and what is younger stays", async () => {
    for (let index = 0; index < 250; index += 1) await say("a", `something long ago xqzw ${index}`, index);
    await say("a", "something lately", 50 * dayMs);
    await maintain(51 * dayMs, retention);
    const traces = (): unknown => ids("SELECT sum(instr(block, CAST('xqz' AS BLOB)) > 0) FROM entries_search_data")[0];
    expect(traces()).toBeGreaterThan(0);
    expect(await store.search({ text: "something long", limit: 1000 })).toHaveLength(500);
    await maintain(101 * dayMs, retention);
    expect(await store.search({ text: "something long", limit: 1000 })).toEqual([]);
    expect((await store.search({ text: "something", limit: 10 })).map((hit) => hit.text)).toEqual([
      "answer to something lately",
      "something lately",
    ]);
    const checker = new Sqlite(join(folder, "hermes.db"));
    // Throws where the index and what it speaks of do not agree.
    checker.exec("INSERT INTO entries_search (entries_search, rank) VALUES ('integrity-check', 1)");
    checker.close();
    expect(traces()).toBe(0);
  });

  it("takes the agent's own entries of those turns with it", async () => {
    for (const [nowMs, entry] of [
      [0, "old"],
      [90 * dayMs, "young"],
    ] as const) {
      const turnId = await begin("a", entry, nowMs);
      await store.commitStep({ kind: "checkpoint", turnId, step: 1, transcript: [entry], text: "", parts: [] });
      await store.finishTurn({ turnId, outcome: "finished", text: "x", parts: [sent], nowMs });
    }
    await maintain(101 * dayMs, retention);
    expect((await store.transcript({ sessionId: "s-a-0", limit: 10 })).map(({ body }) => body)).toEqual(["young"]);
  });

  it("goes as well where the index has not come to it yet", async () => {
    for (let index = 0; index < 900; index += 1) await say("a", `something ${index}`, index);
    await maintain(101 * dayMs, retention);
    expect(ids("SELECT count(*) FROM entries")).toEqual([0]);
    expect(await store.search({ text: "something", limit: 10 })).toEqual([]);
    await say("a", "something new", 101 * dayMs);
    expect(await store.search({ text: "something new", limit: 10 })).toHaveLength(2);
  });

  it("takes with it the conversations that have ended and hold nothing any more, and no other", async () => {
    await say("ended", "x", 0);
    await endSession("ended", 1);
    await say("living", "x", 0);
    await say("ended-lately", "x", 0);
    await endSession("ended-lately", 99 * dayMs);
    await say("still-told", "x", 0);
    await say("still-told", "y", 50 * dayMs);
    await endSession("still-told", 50 * dayMs);
    await maintain(101 * dayMs, retention);
    expect(ids("SELECT id FROM sessions ORDER BY id")).toEqual(["s-ended-lately-0", "s-living-0", "s-still-told-0"]);
    await maintain(200 * dayMs, retention);
    expect(ids("SELECT id FROM sessions ORDER BY id")).toEqual(["s-living-0"]);
    expect((await store.currentSession(buildSessionKey({ kind: "chat", chat: chatOf("living") })))?.id).toBe("s-living-0");
  });

  it("has its conversations gone through once a day, not every time", async () => {
    for (let index = 0; index < 300; index += 1) await say(`chat${index}`, "x", 0);
    expect(await maintain(101 * dayMs, retention)).toBeGreaterThan(2);
    expect(await maintain(101 * dayMs + 60_000, retention)).toBe(1);
    expect(await maintain(102 * dayMs + 60_000, retention)).toBeGreaterThan(2);
  });
});
