import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventIntake, Said, Store } from "../store.ts";
import { chatOf, commandIntake, keyOf, messageOf, partOf, platform, turnIntake, type StoreUnderTest } from "./store-samples.ts";

/** What every store must do about conversations as people look at them. */
export function describeStoreSaid(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a keeper of conversations`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    let nowMs = 2_000_000;

    beforeEach(async () => {
      subject = await create();
      store = subject.store;
      await store.open();
    });
    afterEach(() => subject.dispose());

    const accept = (...intakes: EventIntake[]) => store.acceptEvents({ platform, intakes, nowMs: (nowMs += 1) });
    const claim = (chatId: string, turnId: string, sessionId: string) =>
      store.claimTurn({ sessionKey: keyOf(chatId), turnId, newSessionId: sessionId, nowMs: (nowMs += 1) });
    const finish = (turnId: string, text: string, more: object = {}) =>
      store.finishTurn({ turnId, outcome: "finished", text, parts: [], nowMs: (nowMs += 1), ...more });
    const exchange = async (chatId: string, number: number, sessionId: string): Promise<void> => {
      await accept(turnIntake(chatId, `e${number}`, `question ${number}`));
      await claim(chatId, `turn_${number}`, sessionId);
      await finish(`turn_${number}`, `answer ${number}`);
    };
    const said = (chatId: string, limit = 50, before?: { entryId: number; replyId: string }): Promise<Said> =>
      store.listSaid({ sessionKey: keyOf(chatId), limit, ...(before === undefined ? {} : { before }) });

    it("tells what was said under a key in all its sessions, newest first, page by page", async () => {
      await exchange("a", 1, "session_1");
      await store.endSession({ sessionKey: keyOf("a"), nowMs });
      await exchange("a", 2, "session_2");
      await exchange("b", 3, "session_3");
      const { entries } = await said("a", 3);
      expect(entries.map(({ text, sessionId }) => [text, sessionId])).toEqual([
        ["answer 2", "session_2"],
        ["question 2", "session_2"],
        ["answer 1", "session_1"],
      ]);
      const rest = await said("a", 3, { entryId: entries.at(-1)?.id ?? 0, replyId: "" });
      expect(rest.entries.map(({ text }) => text)).toEqual(["question 1"]);
    });

    it("tells of each message what brought it, what became of it and which tools it took", async () => {
      await accept(turnIntake("a", "e1", "do it"));
      await claim("a", "turn_1", "session_1");
      const running = await said("a");
      expect(running.entries).toMatchObject([{ eventId: "e1", turnState: "running", event: { messageId: "e1" } }]);
      await finish("turn_1", "done", {
        outcome: "interrupted",
        steps: [{ callId: "c1", title: "Read a file", state: "done", summary: "3 lines" }],
      });
      const { entries } = await said("a");
      expect(entries).toMatchObject([
        { role: "assistant", eventId: "e1", turnState: "interrupted", steps: [{ title: "Read a file", summary: "3 lines" }] },
        { role: "user", turnState: "interrupted" },
      ]);
    });

    it("tells what waits for its turn, and not on the pages behind", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("a", "e2"), commandIntake("a", "e3"));
      await claim("a", "turn_1", "session_1");
      expect((await said("a")).waiting.map(({ event }) => event.eventId)).toEqual(["e2", "e3"]);
      expect((await said("a", 50, { entryId: 1, replyId: "" })).waiting).toEqual([]);
    });

    it("tells commands and what the gateway answered to them", async () => {
      await accept(commandIntake("a", "e1"));
      const seq = (await store.nextCommand(keyOf("a")))?.seq ?? 0;
      const notice = { replyId: "turn_1", sessionKey: keyOf("a"), chat: chatOf("a"), seq, nowMs };
      await store.postNotice({ ...notice, parts: [partOf(0, "closed", { desired: ["all is well"] })] });
      const { notices } = await said("a");
      expect(notices).toMatchObject([{ replyId: "turn_1", text: "all is well", event: { eventId: "e1" } }]);
      expect((await said("a", 50, { entryId: 1, replyId: "turn_1" })).notices).toEqual([]);
    });

    it("tells what was put to somebody within a turn, and what they answered", async () => {
      await accept(turnIntake("a", "e1", "book it"));
      await claim("a", "turn_1", "session_1");
      const question = { key: "q", kind: "text", prompt: "When?", expiresAfterMs: 1000, onExpiry: "" } as const;
      const asked = partOf(0, "sent", { kind: "notice", shown: ["When?"], firstShownAtMs: nowMs });
      await store.askQuestion({ turnId: "turn_1", question, expiresAtMs: nowMs + 1000, step: 1, parts: [asked] });
      const work = {
        kind: "answer",
        sessionKey: keyOf("a"),
        turnId: "turn_1",
        key: "q",
        answer: { by: "7", text: "at two" },
        ifLate: "turn",
      } as const;
      await accept({ ...turnIntake("a", "e2"), event: messageOf("a", "e2", "at two"), work });
      const { entries } = await said("a");
      expect(entries.map(({ text, eventId }) => [text, eventId])).toEqual([
        ["at two", "e2"],
        ["book it", "e1"],
      ]);
      expect(entries.map(({ notices }) => notices.map(({ text }) => text))).toEqual([[], ["When?"]]);
    });

    it("names a message and what answers it alike, also once their turn is no longer kept", async () => {
      await exchange("a", 1, "session_1");
      const before = (await said("a")).entries.map(({ id, eventId }) => [id, eventId]);
      expect(before.map(([, eventId]) => eventId)).toEqual(["e1", "e1"]);
      while (await store.maintain({ nowMs: (nowMs += 10_000), keepBodiesMs: 1000 }));
      const { entries } = await said("a");
      expect(entries.map(({ id, eventId }) => [id, eventId])).toEqual(before);
      expect(entries.map(({ text }) => text)).toEqual(["answer 1", "question 1"]);
    });

    it("lists the newest session of each key with its first words", async () => {
      await exchange("a", 1, "session_1");
      await store.endSession({ sessionKey: keyOf("a"), nowMs });
      await exchange("b", 2, "session_2");
      await exchange("a", 3, "session_3");
      const listed = await store.listSessions({ limit: 10 });
      expect(listed.map(({ id, opening }) => [id, opening])).toEqual([
        ["session_3", "question 3"],
        ["session_2", "question 2"],
      ]);
    });

    it("gives a conversation a title and takes it away, also once it has ended", async () => {
      await exchange("a", 1, "session_1");
      await store.endSession({ sessionKey: keyOf("a"), nowMs });
      expect(await store.titleSession({ sessionKey: keyOf("a"), title: "Travel" })).toBe(true);
      expect((await store.findSession(keyOf("a")))?.title).toBe("Travel");
      await store.titleSession({ sessionKey: keyOf("a"), title: undefined });
      expect((await store.findSession(keyOf("a")))?.title).toBeUndefined();
      expect(await store.titleSession({ sessionKey: keyOf("nobody"), title: "x" })).toBe(false);
    });

    it("forgets a conversation and nothing else, and still recognises a repetition of what came in", async () => {
      await exchange("a", 1, "session_1");
      await exchange("b", 2, "session_2");
      expect(await store.search({ text: "question", limit: 10 })).toHaveLength(2);
      let answer = await store.deleteSessions(keyOf("a"));
      while (answer === "more") answer = await store.deleteSessions(keyOf("a"));
      expect(answer).toBe("absent");
      expect(await said("a")).toEqual({ entries: [], notices: [], waiting: [] });
      expect(await store.findSession(keyOf("a"))).toBeUndefined();
      expect((await store.search({ text: "question", limit: 10 })).map(({ text }) => text)).toEqual(["question 2"]);
      expect(await accept(turnIntake("a", "e1"))).toEqual([{ status: "duplicate" }]);
      expect((await said("b")).entries).toHaveLength(2);
    });

    it("forgets with a conversation also what was dropped from its queue, and what answered a question", async () => {
      await accept(turnIntake("a", "e1"));
      await claim("a", "turn_1", "session_1");
      const question = { key: "q", kind: "text", prompt: "When?", expiresAfterMs: 1000, onExpiry: "" } as const;
      await store.askQuestion({ turnId: "turn_1", question, expiresAtMs: nowMs + 1000, step: 1, parts: [] });
      const answer = { by: "7", text: "at two" };
      const work = { kind: "answer", sessionKey: keyOf("a"), turnId: "turn_1", key: "q", answer, ifLate: "turn" } as const;
      await accept({ ...turnIntake("a", "e2"), event: messageOf("a", "e2", "at two"), work });
      await accept(turnIntake("a", "e3"));
      await store.dropQueued({ sessionKey: keyOf("a"), beforeSeq: 1000 });
      await finish("turn_1", "done");
      while ((await store.deleteSessions(keyOf("a"))) === "more");
      const { rows } = await store.listEvents({ limit: 10 });
      const details = await Promise.all(rows.map(({ seq }) => store.event(seq)));
      expect(details.map((each) => [each?.eventId, each?.event])).toEqual([
        ["e3", undefined],
        ["e2", undefined],
        ["e1", undefined],
      ]);
    });

    it("forgets nothing of a conversation that something waits or runs in", async () => {
      await exchange("a", 1, "session_1");
      await accept(turnIntake("a", "e2"));
      expect(await store.deleteSessions(keyOf("a"))).toBe("busy");
      await claim("a", "turn_2", "session_9");
      expect(await store.deleteSessions(keyOf("a"))).toBe("busy");
      expect((await said("a")).entries).toHaveLength(3);
    });

    it("does not keep what a stateless caller brought along, once it is answered", async () => {
      const event = { ...messageOf("a", "e1", "hi"), request: { messages: ["much", "more"] } };
      await accept({ ...turnIntake("a", "e1"), event });
      const claimed = await claim("a", "turn_1", "session_1");
      expect(claimed?.event).toHaveProperty("request");
      await finish("turn_1", "hello", { forgetRequest: true });
      const kept = (await store.event(claimed?.seq ?? 0))?.event;
      expect(kept).toMatchObject({ eventId: "e1", text: "hi" });
      expect(kept).not.toHaveProperty("request");
    });

    it("takes back what somebody was made, once", async () => {
      await store.grantAccess({ platform, userId: "7", role: "owner", grantedAtMs: nowMs });
      expect(await store.revokeAccess({ platform, userId: "7" })).toBe(true);
      expect(await store.revokeAccess({ platform, userId: "7" })).toBe(false);
      expect(await store.listGrants()).toEqual([]);
    });
  });
}
