import type { Part } from "@hermes/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventIntake, Store } from "../store.ts";
import { describeStoreLedger } from "./describe-store-ledger.ts";
import { describeStorePages } from "./describe-store-pages.ts";
import { describeStoreQueued } from "./describe-store-queued.ts";
import { describeStoreSaid } from "./describe-store-said.ts";
import { describeStoreSteps } from "./describe-store-steps.ts";
import { describeStoreUsage } from "./describe-store-usage.ts";
import { chatOf, commandIntake, keyOf, messageOf, partOf, platform, turnIntake, type StoreUnderTest } from "./store-samples.ts";

/** What an implementation does not do, each with the reason why. */
export interface StoreExceptions {
  readonly takeOver?: string;
}

/** What every store must do. Each implementation runs it. */
export function describeStore(name: string, create: () => Promise<StoreUnderTest>, exceptions: StoreExceptions = {}): void {
  describeStoreSteps(name, create);
  describeStoreLedger(name, create);
  describeStoreSaid(name, create);
  describeStorePages(name, create);
  describeStoreQueued(name, create);
  describeStoreUsage(name, create);
  describe(`${name} as a store`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    let nowMs = 1_000_000;

    beforeEach(async () => {
      subject = await create();
      store = subject.store;
      await store.open();
    });
    afterEach(() => subject.dispose());

    const accept = (...intakes: EventIntake[]) => store.acceptEvents({ platform, intakes, nowMs });
    const claim = (chatId: string, turnId: string, sessionId = `session-${turnId}`) =>
      store.claimTurn({ sessionKey: keyOf(chatId), turnId, newSessionId: sessionId, nowMs: (nowMs += 1) });
    const finish = (turnId: string, text: string, parts: readonly Part[] = []) =>
      store.finishTurn({ turnId, outcome: "finished", text, parts, nowMs: (nowMs += 1) });

    it("stores an event once and says so the second time", async () => {
      expect(await accept(turnIntake("a", "e1"))).toEqual([{ status: "stored", seq: expect.any(Number), work: "turn" }]);
      expect(await accept(turnIntake("a", "e1"))).toEqual([{ status: "duplicate" }]);
    });

    it("writes in the order of the calls, also where they are not waited for", async () => {
      const answers = [accept(turnIntake("a", "e1")), claim("a", "t1"), accept(turnIntake("a", "e2")), claim("a", "t2")] as const;
      const [, first, , second] = await Promise.all(answers);
      expect([first?.event.eventId, second?.event.eventId]).toEqual(["e1", "e2"]);
    });

    it("recognises a repetition inside one batch", async () => {
      expect((await accept(turnIntake("a", "e1"), turnIntake("a", "e1"))).map((answer) => answer.status)).toEqual([
        "stored",
        "duplicate",
      ]);
    });

    it("tells events of two platforms apart that carry the same id", async () => {
      await accept(turnIntake("a", "e1"));
      const [answer] = await store.acceptEvents({ platform: "another", intakes: [turnIntake("a", "e1")], nowMs });
      expect(answer?.status).toBe("stored");
    });

    it("moves the cursor with the events", async () => {
      await store.acceptEvents({ platform, intakes: [turnIntake("a", "e1")], cursor: { key: "offset", value: 42 }, nowMs });
      expect(await store.readMemory(platform, "offset", nowMs)).toBe(42);
    });

    it("moves the cursor where no event came", async () => {
      await store.acceptEvents({ platform, intakes: [], cursor: { key: "offset", value: { at: "x" } }, nowMs });
      expect(await store.readMemory(platform, "offset", nowMs)).toEqual({ at: "x" });
    });

    it("hands out a lane's events oldest first, each once", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("b", "e2"), turnIntake("a", "e3"));
      expect((await claim("a", "t1"))?.event.eventId).toBe("e1");
      expect((await claim("a", "t2"))?.event.eventId).toBe("e3");
      expect(await claim("a", "t3")).toBeUndefined();
      expect((await claim("b", "t4"))?.event.eventId).toBe("e2");
    });

    it("keeps an event exactly as it was", async () => {
      const event = { ...messageOf("a", "e1", "naïve 天气 👩‍👩‍👧 \u0000 end"), request: { deep: [1, null, { x: true }] } };
      await accept({ event, verdict: "run", rule: "r", work: { kind: "turn", sessionKey: keyOf("a") } });
      expect((await claim("a", "t1"))?.event).toEqual(event);
    });

    it("keeps of a refused event no text that could be claimed or searched", async () => {
      await accept({
        event: messageOf("a", "e1", "a secret word"),
        verdict: "refuse",
        rule: "not-allowed",
        work: { kind: "none" },
      });
      expect(await claim("a", "t1")).toBeUndefined();
      expect(await store.listQueuedLanes({ platform, limit: 10 })).toEqual([]);
      expect(await store.search({ text: "secret", limit: 10 })).toEqual([]);
    });

    it("continues a session until it is ended", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("a", "e2"), turnIntake("a", "e3"));
      const first = await claim("a", "t1", "s1");
      const second = await claim("a", "t2", "s2");
      expect([first?.sessionId, second?.sessionId]).toEqual(["s1", "s1"]);
      expect(await store.endSession({ sessionKey: keyOf("a"), nowMs })).toBe("s1");
      expect(await store.currentSession(keyOf("a"))).toBeUndefined();
      expect((await claim("a", "t3", "s3"))?.sessionId).toBe("s3");
      expect((await store.currentSession(keyOf("a")))?.id).toBe("s3");
    });

    it("ends no session where there is none", async () => {
      expect(await store.endSession({ sessionKey: keyOf("nobody"), nowMs })).toBeUndefined();
    });

    it("never mixes two keys", async () => {
      await accept(turnIntake("a", "e1", "alpha"), turnIntake("b", "e2", "beta"));
      const first = await claim("a", "t1", "s1");
      await claim("b", "t2", "s2");
      const entries = await store.history({ sessionId: first?.sessionId ?? "", limit: 10 });
      expect(entries.map((entry) => entry.text)).toEqual(["alpha"]);
    });

    it("remembers what was said in order, and what was said before a turn", async () => {
      await accept(turnIntake("a", "e1", "one"), turnIntake("a", "e2", "two"));
      await claim("a", "t1", "s1");
      await finish("t1", "first answer");
      await claim("a", "t2");
      const all = await store.history({ sessionId: "s1", limit: 10 });
      expect(all.map(({ role, text }) => [role, text])).toEqual([
        ["user", "one"],
        ["assistant", "first answer"],
        ["user", "two"],
      ]);
      const before = await store.history({ sessionId: "s1", limit: 10, beforeTurnId: "t2" });
      expect(before.map((entry) => entry.text)).toEqual(["one", "first answer"]);
      expect((await store.history({ sessionId: "s1", limit: 2 })).map((entry) => entry.text)).toEqual(["first answer", "two"]);
    });

    it("finishes a turn once", async () => {
      await accept(turnIntake("a", "e1", "one"));
      await claim("a", "t1", "s1");
      await finish("t1", "answer");
      await finish("t1", "answer again");
      expect((await store.history({ sessionId: "s1", limit: 10 })).map((entry) => entry.text)).toEqual(["one", "answer"]);
    });

    it("lists a running turn as interrupted until it is finished", async () => {
      await accept(turnIntake("a", "e1"));
      const claimed = await claim("a", "t1");
      await store.commitStep({ kind: "parts", turnId: "t1", parts: [partOf(0, "open", { inFlightRevision: 1 })] });
      await store.commitStep({ kind: "tool-start", turnId: "t1", tool: { callId: "call-1", title: "Pay", effect: "once" } });
      expect(await store.listInterruptedTurns({ limit: 10 })).toEqual([
        {
          ...claimed,
          parts: [partOf(0, "open", { inFlightRevision: 1 })],
          tools: [{ callId: "call-1", title: "Pay", effect: "once", state: "open" }],
          step: 0,
          text: "",
          questions: [],
        },
      ]);
      await finish("t1", "done");
      expect(await store.listInterruptedTurns({ limit: 10 })).toEqual([]);
    });

    it("lists an ended reply as unsettled until each of its parts is shown or given up", async () => {
      await accept(turnIntake("a", "e1"));
      await claim("a", "t1");
      await finish("t1", "answer", [partOf(0, "sent"), partOf(1, "closed"), partOf(2, "closed")]);
      const [reply] = await store.listUnsettledReplies({ limit: 10 });
      expect(reply).toMatchObject({ replyId: "t1", sessionKey: keyOf("a"), chat: chatOf("a") });
      expect(reply?.parts).toEqual([partOf(0, "sent"), partOf(1, "closed"), partOf(2, "closed")]);
      await store.settleParts({ replyId: "t1", parts: [partOf(1, "sent"), partOf(2, "failed")] });
      expect(await store.listUnsettledReplies({ limit: 10 })).toEqual([]);
    });

    it("pages through what was left behind", async () => {
      for (const id of ["a", "b", "c"]) {
        await accept(turnIntake(id, `e-${id}`));
        await claim(id, `t-${id}`);
      }
      const first = await store.listInterruptedTurns({ limit: 2 });
      const rest = await store.listInterruptedTurns({ limit: 2, afterId: first.at(-1)?.turnId ?? "" });
      expect([...first, ...rest].map((turn) => turn.turnId)).toEqual(["t-a", "t-b", "t-c"]);
    });

    it("lists lanes with work by key, with how much", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("a", "e2"), commandIntake("a", "e3"), turnIntake("b", "e4"));
      const lanes = await store.listQueuedLanes({ platform, limit: 1 });
      expect(lanes).toEqual([{ sessionKey: keyOf("a"), turns: 2, commands: 1 }]);
      expect(await store.listQueuedLanes({ platform, limit: 10, afterKey: keyOf("a") })).toEqual([
        { sessionKey: keyOf("b"), turns: 1, commands: 0 },
      ]);
    });

    it("keeps a command waiting until its answer is there", async () => {
      await accept(commandIntake("a", "e1"), commandIntake("a", "e2"));
      const queued = await store.nextCommand(keyOf("a"));
      expect(queued).toMatchObject({ verdict: "run", rule: "allow-all", event: { eventId: "e1" } });
      expect((await store.nextCommand(keyOf("a")))?.event.eventId).toBe("e1");
      await store.postNotice({
        replyId: "n1",
        sessionKey: keyOf("a"),
        chat: chatOf("a"),
        seq: queued?.seq ?? -1,
        parts: [partOf(0, "closed")],
        nowMs,
      });
      expect((await store.nextCommand(keyOf("a")))?.event.eventId).toBe("e2");
      expect((await store.listUnsettledReplies({ limit: 10 })).map((reply) => reply.replyId)).toEqual(["n1"]);
    });

    it("posts a notice that answers no event", async () => {
      const origin = messageOf("a", "e1").origin;
      await store.postNotice({
        replyId: "n1",
        sessionKey: keyOf("a"),
        chat: chatOf("a"),
        origin,
        parts: [partOf(0, "closed")],
        nowMs,
      });
      expect(await store.listUnsettledReplies({ limit: 10 })).toEqual([
        { replyId: "n1", sessionKey: keyOf("a"), chat: chatOf("a"), origin, parts: [partOf(0, "closed")], sinceMs: nowMs },
      ]);
    });

    it("drops what waits before a command and nothing after it", async () => {
      const answers = await accept(turnIntake("a", "e1"), turnIntake("a", "e2"), commandIntake("a", "c1"), turnIntake("a", "e3"));
      const command = answers[2];
      const beforeSeq = command?.status === "stored" ? command.seq : -1;
      const dropped = await store.dropQueued({ sessionKey: keyOf("a"), beforeSeq });
      expect(dropped).toHaveLength(2);
      expect(dropped.every(({ seq, event }) => seq < beforeSeq && event.type === "message")).toBe(true);
      expect((await claim("a", "t1"))?.event.eventId).toBe("e3");
    });

    it("finds words, parts of words and Chinese", async () => {
      await accept(turnIntake("a", "e1", "今天天气怎么样"), turnIntake("b", "e2", "An Unmistakable phrase"));
      await claim("a", "t1", "s1");
      await claim("b", "t2", "s2");
      await finish("t1", "晴天 100%_sure");
      const found = async (text: string) => (await store.search({ text, limit: 10 })).map((hit) => hit.turnId);
      expect(await found("天气")).toEqual(["t1"]);
      expect(await found("天气怎么样")).toEqual(["t1"]);
      expect(await found("mistak")).toEqual(["t2"]);
      expect(await found("UNMISTAKABLE PHRASE")).toEqual(["t2"]);
      expect(await found("100%_s")).toEqual(["t1"]);
      expect(await found("0%x")).toEqual([]);
      expect(await found('"unbalanced')).toEqual([]);
      expect(await found("")).toEqual([]);
    });

    it("searches within one session's key if asked", async () => {
      await accept(turnIntake("a", "e1", "shared word"), turnIntake("b", "e2", "shared word"));
      await claim("a", "t1", "s1");
      await claim("b", "t2", "s2");
      expect((await store.search({ text: "shared", limit: 10, sessionKey: keyOf("b") })).map((hit) => hit.sessionId)).toEqual([
        "s2",
      ]);
    });

    it("lists sessions, the latest used first, page by page", async () => {
      for (const id of ["a", "b", "c"]) {
        await accept(turnIntake(id, `e-${id}`));
        await claim(id, `t-${id}`, `s-${id}`);
      }
      const first = await store.listSessions({ limit: 2 });
      expect(first.map((session) => session.id)).toEqual(["s-c", "s-b"]);
      const last = first.at(-1);
      const before = { updatedAtMs: last?.updatedAtMs ?? 0, id: last?.id ?? "" };
      expect((await store.listSessions({ limit: 2, before })).map((session) => session.id)).toEqual(["s-a"]);
    });

    it("keeps small values until they expire or are deleted", async () => {
      await store.writeMemory({ platform, key: "token", value: { a: [1] }, expiresAtMs: nowMs + 10 });
      await store.writeMemory({ platform, key: "stays", value: "x" });
      expect(await store.readMemory(platform, "token", nowMs + 9)).toEqual({ a: [1] });
      expect(await store.readMemory(platform, "token", nowMs + 10)).toBeUndefined();
      expect(await store.readMemory("another", "stays", nowMs)).toBeUndefined();
      await store.deleteMemory(platform, "stays");
      expect(await store.readMemory(platform, "stays", nowMs)).toBeUndefined();
    });

    it("grants access once however often it is asked", async () => {
      const grant = { platform, userId: "7", role: "owner", grantedAtMs: nowMs } as const;
      await store.grantAccess(grant);
      await store.grantAccess(grant);
      expect(await store.listGrants()).toEqual([grant]);
    });

    it("comes to an end with its maintenance", async () => {
      await accept(turnIntake("a", "e1", "one"));
      await claim("a", "t1", "s1");
      let slices = 0;
      while (await store.maintain({ nowMs, keepBodiesMs: 1000 })) expect((slices += 1)).toBeLessThan(100);
      expect((await store.history({ sessionId: "s1", limit: 10 })).map((entry) => entry.text)).toEqual(["one"]);
    });

    it("refuses to work once it is closed", async () => {
      await store.close();
      await expect(accept(turnIntake("a", "e1"))).rejects.toMatchObject({ name: "StoreError", code: "closed" });
    });

    it.skipIf(exceptions.takeOver !== undefined)("refuses what an earlier holder still writes, and changes nothing", async () => {
      const successor = subject.another?.();
      if (successor === undefined) throw new Error("Expected the store under test to offer another handle on the same data");
      await accept(turnIntake("a", "e1"));
      const { lastSeq } = await successor.open();
      expect(lastSeq).toBeGreaterThan(0);
      await expect(accept(turnIntake("a", "e2"))).rejects.toMatchObject({ code: "fenced" });
      await expect(claim("a", "t1")).rejects.toMatchObject({ code: "fenced" });
      expect(store.lost.reason).toMatchObject({ code: "fenced" });
      expect(successor.lost.aborted).toBe(false);
      expect((await successor.claimTurn({ sessionKey: keyOf("a"), turnId: "t2", newSessionId: "s", nowMs }))?.event.eventId).toBe(
        "e1",
      );
      await successor.close();
    });
  });
}
