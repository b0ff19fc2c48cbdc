import { buildSessionKey, type MessageEvent, type Part } from "@hermes/core";
import { createMemoryStore, type Store } from "@hermes/runtime";
import { describe, expect, it } from "vitest";
import { watchReplies } from "../../src/terminal/settled-replies.ts";

const chat = { ref: { platform: "terminal", chatId: "anna" }, type: "dm" } as const;
const sessionKey = buildSessionKey({ kind: "chat", chat });

function message(messageId: string, platform = "terminal"): MessageEvent {
  const ref = { ...chat.ref, platform };
  const author = { id: "anna", isBot: false, assurance: "platform" } as const;
  return {
    version: 1,
    type: "message",
    eventId: messageId,
    messageId,
    chat: { ...chat, ref },
    origin: { message: { ...ref, messageId }, author, lifetime: "request" },
    at: "2026-01-01T00:00:00.000Z",
    text: "hello",
    addressed: true,
    attachments: [],
  };
}

/** A part as far as it matters here. */
function part(index: number, state: Part["state"]): Part {
  const facts: Pick<Part, "index" | "state"> = { index, state };
  return facts as Part;
}

async function watched(): Promise<{
  readonly store: Store;
  readonly settled: string[];
  readonly accept: (...ids: string[]) => Promise<number>;
}> {
  const settled: string[] = [];
  const store = watchReplies(createMemoryStore(), "terminal", (id, how) => void settled.push(`${id} ${how}`));
  await store.open();
  return {
    store,
    settled,
    async accept(...ids) {
      const intakes = ids.map((id) => ({
        event: message(id),
        verdict: "run" as const,
        rule: "allow",
        work: { kind: "turn" as const, sessionKey },
      }));
      const accepted = await store.acceptEvents({ platform: "terminal", intakes, nowMs: 0 });
      const last = accepted.at(-1);
      return last?.status === "stored" ? last.seq : -1;
    },
  };
}

const claim = { sessionKey, turnId: "turn", newSessionId: "session", nowMs: 0 };
const ending = { turnId: "turn", outcome: "finished", text: "x", nowMs: 0 } as const;

describe("watchReplies", () => {
  it("tells once that an answer is over: when it is complete and all of it is shown", async () => {
    const { store, settled, accept } = await watched();
    await accept("m1");
    await store.claimTurn(claim);
    await store.commitStep({ kind: "parts", turnId: "turn", parts: [part(0, "sent"), part(1, "open")] });
    await store.finishTurn({ ...ending, parts: [part(1, "closed"), part(2, "closed")] });
    await store.settleParts({ replyId: "turn", parts: [part(1, "sent")] });
    expect(settled).toEqual([]);
    await store.settleParts({ replyId: "turn", parts: [part(2, "failed")] });
    expect(settled).toEqual(["m1 finished"]);
  });

  it("tells of an answer without a word, and of one that was interrupted", async () => {
    const { store, settled, accept } = await watched();
    await accept("m1", "m2");
    await store.claimTurn(claim);
    await store.finishTurn({ ...ending, parts: [] });
    await store.claimTurn({ ...claim, turnId: "turn2" });
    await store.finishTurn({ ...ending, turnId: "turn2", outcome: "interrupted", parts: [part(0, "sent")] });
    expect(settled).toEqual(["m1 finished", "m2 interrupted"]);
  });

  it("tells of a command's answer", async () => {
    const { store, settled } = await watched();
    const { origin } = message("m1");
    await store.postNotice({ replyId: "r", sessionKey, chat, origin, parts: [part(0, "closed")], nowMs: 0 });
    expect(settled).toEqual([]);
    await store.settleParts({ replyId: "r", parts: [part(0, "sent")] });
    expect(settled).toEqual(["m1 finished"]);
  });

  it("tells of messages that a command took out of the queue", async () => {
    const { store, settled, accept } = await watched();
    const seq = await accept("m1", "m2", "m3");
    await store.claimTurn(claim);
    await store.dropQueued({ sessionKey, beforeSeq: seq });
    expect(settled).toEqual(["m2 dropped"]);
  });

  it("does not look at other platforms", async () => {
    const { store, settled } = await watched();
    const event = message("m1", "acme");
    const work = { kind: "turn" as const, sessionKey };
    await store.acceptEvents({ platform: "acme", intakes: [{ event, verdict: "run", rule: "allow", work }], nowMs: 0 });
    await store.claimTurn(claim);
    await store.finishTurn({ ...ending, parts: [] });
    expect(settled).toEqual([]);
  });
});
