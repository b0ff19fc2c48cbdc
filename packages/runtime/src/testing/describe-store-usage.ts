import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store, UsageRecord } from "../store.ts";
import { keyOf, platform, turnIntake, type StoreUnderTest } from "./store-samples.ts";

/** What every store must do about what models took, and about turns that are taken back. */
export function describeStoreUsage(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a keeper of accounts, and of turns that are taken back`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    let nowMs = 3_000_000;

    beforeEach(async () => {
      subject = await create();
      store = subject.store;
      await store.open();
    });
    afterEach(() => subject.dispose());

    const took = (turnId: string, usage: UsageRecord["usage"], more: Partial<UsageRecord> = {}) =>
      store.addUsage({ turnId, sessionId: "s1", sessionKey: keyOf("a"), person: "scripted:7", usage, nowMs, ...more });
    const exchange = async (number: number, transcript: readonly string[] = []): Promise<void> => {
      const turnId = `turn_${number}`;
      nowMs += 10;
      await store.acceptEvents({ platform, intakes: [turnIntake("a", `e${number}`, `question ${number}`)], nowMs });
      await store.claimTurn({ sessionKey: keyOf("a"), turnId, newSessionId: "s1", nowMs });
      await store.commitStep({ kind: "checkpoint", turnId, step: 1, transcript, text: "", parts: [] });
      await store.finishTurn({ turnId, outcome: "finished", text: `answer ${number}`, parts: [], nowMs });
    };
    const undo = (seq: number) => store.undoTurn({ sessionKey: keyOf("a"), seq, nowMs });
    const said = async () => (await store.history({ sessionId: "s1", limit: 50 })).map(({ text }) => text);
    const transcript = async () => (await store.transcript({ sessionId: "s1", limit: 50 })).map(({ body }) => body);

    it("adds up what calls took, by model, for a turn, a session, a person and since a moment", async () => {
      await took("turn_1", { model: "m", inputTokens: 10, outputTokens: 5, costUsd: 0.5 });
      await took("turn_1", { model: "m", inputTokens: 20, outputTokens: 5, cachedInputTokens: 8, reasoningTokens: 2 });
      await took("turn_1", { model: "n", inputTokens: 1, outputTokens: 1, costUsd: 0.25 });
      await took("turn_2", { model: "m", inputTokens: 100, outputTokens: 1 }, { sessionId: "s2", person: "scripted:8" });
      nowMs += 1000;
      await took("turn_3", { inputTokens: 7, outputTokens: 7 });
      const ofTurn = await store.usage({ turnId: "turn_1" });
      expect(ofTurn).toEqual([
        {
          model: "m",
          calls: 2,
          inputTokens: 30,
          outputTokens: 10,
          cachedInputTokens: 8,
          reasoningTokens: 2,
          costUsd: 0.5,
          unpricedCalls: 1,
        },
        expect.objectContaining({ model: "n", calls: 1, costUsd: 0.25, unpricedCalls: 0 }),
      ]);
      expect((await store.usage({ sessionId: "s1" })).map(({ model }) => model)).toEqual(["m", "", "n"]);
      expect(await store.usage({ person: "scripted:8" })).toMatchObject([{ model: "m", inputTokens: 100 }]);
      expect(await store.usage({ person: "scripted:7", sinceMs: nowMs })).toMatchObject([{ model: "", inputTokens: 7 }]);
      expect(await store.usage({ sessionId: "s9" })).toEqual([]);
    });

    it("takes the newest turn out of the history and out of the agent's entries, and the one before it next", async () => {
      await exchange(1, ["a", "b"]);
      await exchange(2, ["c"]);
      expect(await undo(7)).toEqual({ turnId: "turn_2", text: "question 2" });
      expect(await said()).toEqual(["question 1", "answer 1"]);
      expect(await transcript()).toEqual(["a", "b"]);
      expect((await store.currentSession(keyOf("a")))?.lastTurnId).toBe("turn_1");
      expect(await undo(8)).toMatchObject({ turnId: "turn_1" });
      expect(await said()).toEqual([]);
      expect(await transcript()).toEqual([]);
      expect(await undo(9)).toBeUndefined();
    });

    it("undoes once for each command, however often the command is worked off", async () => {
      await exchange(1);
      await exchange(2);
      await undo(7);
      expect(await undo(7)).toMatchObject({ turnId: "turn_2" });
      expect(await said()).toEqual(["question 1", "answer 1"]);
    });

    it("undoes nothing of a turn that runs, and nothing where nothing was said", async () => {
      expect(await undo(1)).toBeUndefined();
      await exchange(1);
      await store.acceptEvents({ platform, intakes: [turnIntake("a", "e2")], nowMs });
      await store.claimTurn({ sessionKey: keyOf("a"), turnId: "turn_2", newSessionId: "s2", nowMs });
      expect(await undo(2)).toBeUndefined();
      expect(await said()).toHaveLength(3);
    });

    it("does not find what was undone", async () => {
      await exchange(1);
      await store.search({ text: "question", limit: 5 });
      await undo(3);
      expect(await store.search({ text: "question", limit: 5 })).toEqual([]);
      await exchange(2);
      expect(await store.search({ text: "question 2", limit: 5 })).toHaveLength(1);
    });
  });
}
