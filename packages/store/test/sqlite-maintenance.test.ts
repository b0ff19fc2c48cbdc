import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSessionKey, type MessageEvent, type Part } from "@hermes/core";
import type { Store } from "@hermes/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "@hermes/store/sqlite";

const chat = { ref: { platform: "p", chatId: "a" }, type: "dm" } as const;
const sessionKey = buildSessionKey({ kind: "chat", chat });
const dayMs = 24 * 60 * 60_000;

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hermes-store-"));
  store = await openSqliteStore({ path: join(folder, "hermes.db") });
  await store.open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function message(eventId: string): MessageEvent {
  const origin = { author: { id: "7", isBot: false, assurance: "platform" }, lifetime: "durable" } as const;
  return {
    version: 1,
    type: "message",
    eventId,
    messageId: eventId,
    chat,
    origin,
    at: "",
    text: `text ${eventId}`,
    addressed: true,
    attachments: [],
  };
}

async function accept(eventId: string, nowMs: number): Promise<string> {
  const intake = { event: message(eventId), verdict: "run", rule: "r", work: { kind: "turn", sessionKey } } as const;
  const [answer] = await store.acceptEvents({ platform: "p", intakes: [intake], nowMs });
  return answer?.status ?? "nothing";
}

async function maintain(nowMs: number): Promise<void> {
  while (await store.maintain({ nowMs, keepBodiesMs: 30 * dayMs }));
}

describe("Maintenance", () => {
  it("lets go of old events and parts, and keeps what was said, what waits, what runs and what is unsent", async () => {
    for (const id of ["done", "running", "unsent", "waiting"]) await accept(id, 0);
    const claim = (turnId: string) => store.claimTurn({ sessionKey, turnId, newSessionId: "s", nowMs: 0 });
    await claim("t-done");
    await claim("t-running");
    await claim("t-unsent");
    const part = { index: 0, desired: ["x"], shown: [], refs: [], state: "sent" } as unknown as Part;
    await store.finishTurn({ turnId: "t-done", outcome: "finished", text: "answer", parts: [part], nowMs: 0 });
    await store.finishTurn({
      turnId: "t-unsent",
      outcome: "finished",
      text: "late",
      parts: [{ ...part, state: "closed" }],
      nowMs: 0,
    });
    await maintain(31 * dayMs);
    expect((await store.history({ sessionId: "s", limit: 10 })).map((entry) => entry.text)).toEqual([
      "text done",
      "text running",
      "text unsent",
      "answer",
      "late",
    ]);
    expect((await store.listInterruptedTurns({ limit: 10 })).map((turn) => turn.turnId)).toEqual(["t-running"]);
    expect((await store.listUnsettledReplies({ limit: 10 })).map((reply) => reply.replyId)).toEqual(["t-unsent"]);
    expect((await claim("t-waiting"))?.event.eventId).toBe("waiting");
    // Its row is gone, so its id is new again; thirty days after the platform could have repeated it.
    expect(await accept("done", 31 * dayMs)).toBe("stored");
  });

  it("recognises a repetition as long as its event is young", async () => {
    await accept("e1", 0);
    await maintain(29 * dayMs);
    expect(await accept("e1", 29 * dayMs)).toBe("duplicate");
  });

  it("comes to rest: what was let go of is not looked at again", async () => {
    await store.close();
    const statements: string[] = [];
    store = await openSqliteStore({ path: join(folder, "hermes.db"), onStatement: (text) => statements.push(text) });
    await store.open();
    await accept("done", 0);
    await store.claimTurn({ sessionKey, turnId: "t1", newSessionId: "s", nowMs: 0 });
    const part = { index: 0, desired: ["x"], shown: [], refs: [], state: "sent" } as unknown as Part;
    await store.finishTurn({ turnId: "t1", outcome: "finished", text: "answer", parts: [part], nowMs: 0 });
    const removals = (): number => statements.filter((text) => text.startsWith("DELETE FROM parts")).length;
    await maintain(31 * dayMs);
    expect(removals()).toBe(1);
    await maintain(32 * dayMs);
    expect(removals()).toBe(1);
  });

  it("forgets small values that have expired", async () => {
    await store.writeMemory({ platform: "p", key: "k", value: 1, expiresAtMs: 10 });
    await maintain(11);
    expect(await store.readMemory("p", "k", 0)).toBeUndefined();
  });

  it("keeps the log small while many messages pass", async () => {
    const path = join(folder, "hermes.db-wal");
    const body = "x".repeat(20_000);
    for (let round = 0; round < 120; round += 1) {
      const intakes = Array.from({ length: 50 }, (_, index) => ({
        event: { ...message(`${round}-${index}`), text: body },
        verdict: "run" as const,
        rule: "r",
        work: { kind: "turn" as const, sessionKey },
      }));
      await store.acceptEvents({ platform: "p", intakes, nowMs: 0 });
    }
    expect(statSync(path).size).toBeLessThan(72 * 1024 * 1024);
  });
});
