import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Answer, Question } from "@hermes/core";
import type { EventIntake, Store } from "../store.ts";
import { keyOf, partOf, platform, turnIntake, type StoreUnderTest } from "./store-samples.ts";

const question: Question = { key: "q1", kind: "text", prompt: "Your name?", expiresAfterMs: 1000, onExpiry: "" };
const answer: Answer = { by: "7", text: "Ada" };

/** How far a turn has come, and how it is taken up: what every store must do. */
export function describeStoreSteps(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}, of a turn that goes step by step,`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    let nowMs = 1_000_000;
    beforeEach(async () => {
      subject = await create();
      store = subject.store;
      await store.open();
      await store.acceptEvents({ platform, intakes: [turnIntake("a", "e1"), turnIntake("a", "e2")], nowMs });
      await claim("t1");
    });
    afterEach(() => subject.dispose());

    const claim = (turnId: string) =>
      store.claimTurn({ sessionKey: keyOf("a"), turnId, newSessionId: "s1", nowMs: (nowMs += 1) });
    const interrupted = async () => (await store.listInterruptedTurns({ limit: 10 }))[0];
    const start = (callId: string, effect: "repeatable" | "once") =>
      store.commitStep({ kind: "tool-start", turnId: "t1", tool: { callId, title: callId, effect } });
    const checkpoint = (step: number, state?: string) =>
      store.commitStep({
        kind: "checkpoint",
        turnId: "t1",
        step,
        transcript: [{ step }],
        ...(state === undefined ? {} : { state }),
        text: `said ${step}`,
        parts: [partOf(step - 1, "closed", { step: step - 1 })],
      });
    const ask = () =>
      store.askQuestion({ turnId: "t1", question, expiresAtMs: nowMs + 1000, step: 1, parts: [partOf(0, "closed")] });
    const finish = (cutOff?: "set" | "clear") =>
      store.finishTurn({
        turnId: "t1",
        outcome: "interrupted",
        text: "",
        parts: [],
        nowMs,
        ...(cutOff === undefined ? {} : { cutOff }),
      });
    const answering = (eventId: string): EventIntake => ({
      ...turnIntake("a", eventId, "Ada"),
      work: { kind: "answer", sessionKey: keyOf("a"), turnId: "t1", key: "q1", answer, ifLate: "turn" },
    });

    it("forgets a tool that waits for a person: nothing of it has happened", async () => {
      await start("one", "once");
      await store.commitStep({ kind: "tool-wait", turnId: "t1", callId: "one" });
      expect((await interrupted())?.tools).toEqual([]);
    });

    it("keeps what its tools did until a checkpoint knows of it", async () => {
      await start("one", "repeatable");
      await start("two", "once");
      await store.commitStep({ kind: "tool-end", turnId: "t1", callId: "one" });
      expect((await interrupted())?.tools).toEqual([
        { callId: "one", title: "one", effect: "repeatable", state: "over" },
        { callId: "two", title: "two", effect: "once", state: "open" },
      ]);
      await checkpoint(1);
      expect((await interrupted())?.tools.map(({ callId }) => callId)).toEqual(["two"]);
    });

    it("keeps a checkpoint with what was said, the agent's state, its entries and the parts", async () => {
      await checkpoint(1, "first");
      await checkpoint(2, "second");
      expect(await interrupted()).toMatchObject({
        step: 2,
        state: "second",
        text: "said 2",
        parts: [partOf(0, "closed", { step: 0 }), partOf(1, "closed", { step: 1 })],
      });
      const [first, ...rest] = await store.transcript({ sessionId: "s1", limit: 1 });
      expect([first?.body, rest]).toEqual([{ step: 1 }, []]);
      const more = await store.transcript({ sessionId: "s1", limit: 10, afterId: first?.id ?? 0 });
      expect(more.map(({ body }) => body)).toEqual([{ step: 2 }]);
    });

    it("asks a question once, with the parts that put it", async () => {
      expect(await ask()).toBeUndefined();
      expect(await ask()).toBeUndefined();
      expect(await interrupted()).toMatchObject({
        step: 1,
        parts: [partOf(0, "closed")],
        questions: [{ key: "q1", question, expiresAtMs: nowMs + 1000 }],
      });
    });

    it("settles a question once", async () => {
      await ask();
      expect(await store.answerQuestion({ turnId: "t1", key: "q1", answer })).toBe(true);
      expect(await store.answerQuestion({ turnId: "t1", key: "q1", answer: { expired: true } })).toBe(false);
      expect(await ask()).toEqual(answer);
      expect((await interrupted())?.questions[0]?.answer).toEqual(answer);
    });

    it("takes an answer in with the event that gives it", async () => {
      await ask();
      const [accepted] = await store.acceptEvents({ platform, intakes: [answering("e9")], nowMs });
      expect(accepted).toMatchObject({ status: "stored", work: "answer" });
      expect(await ask()).toEqual(answer);
      expect((await store.listQueuedLanes({ platform, limit: 1 }))[0]?.turns).toBe(1);
    });

    it("makes a message of an answer that comes too late", async () => {
      await ask();
      await store.answerQuestion({ turnId: "t1", key: "q1", answer: { expired: true } });
      const [accepted] = await store.acceptEvents({ platform, intakes: [answering("e9")], nowMs });
      expect(accepted).toMatchObject({ status: "stored", work: "turn" });
      expect((await store.listQueuedLanes({ platform, limit: 1 }))[0]?.turns).toBe(2);
    });

    it("knows no question of a turn that is over", async () => {
      await ask();
      await finish();
      expect(await store.answerQuestion({ turnId: "t1", key: "q1", answer })).toBe(false);
      const [accepted] = await store.acceptEvents({ platform, intakes: [answering("e9")], nowMs });
      expect(accepted).toMatchObject({ work: "turn" });
    });

    it("tells the session's next turn what one left open that was cut off, until one has ended that was told", async () => {
      await checkpoint(1, "kept");
      await start("pay", "once");
      await store.commitStep({
        kind: "parts",
        turnId: "t1",
        parts: [partOf(0, "sent", { shown: ["Paying."] })],
      });
      await finish("set");
      const before = {
        turnId: "t1",
        shown: "Paying.",
        state: "kept",
        open: [{ callId: "pay", title: "pay", effect: "once", state: "open" }],
      };
      expect((await claim("t2"))?.before).toEqual(before);
      expect((await interrupted())?.before).toEqual(before);
      await store.finishTurn({ turnId: "t2", outcome: "finished", text: "", parts: [], cutOff: "clear", nowMs });
      await store.acceptEvents({ platform, intakes: [turnIntake("a", "e3")], nowMs });
      expect((await claim("t3"))?.before).toBeUndefined();
    });

    it("knows the session's newest turn", async () => {
      expect((await store.currentSession(keyOf("a")))?.lastTurnId).toBe("t1");
      await claim("t2");
      expect((await store.currentSession(keyOf("a")))?.lastTurnId).toBe("t2");
    });
  });
}
