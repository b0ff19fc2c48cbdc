import { buildSessionKey, type MessageEvent, type SessionKey } from "@hermes/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventIntake, Store } from "../store.ts";
import { keyOf, messageOf, platform, turnIntake, type StoreUnderTest } from "./store-samples.ts";

/** What waits, what belongs together, and what people and running turns do with it: what every store must do. */
export function describeStoreQueued(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}, of messages that wait,`, () => {
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
    const claim = (turnId: string, chatId = "a") =>
      store.claimTurn({ sessionKey: keyOf(chatId), turnId, newSessionId: "s1", nowMs: (nowMs += 1) });
    const finish = (turnId: string) =>
      store.finishTurn({ turnId, outcome: "finished", text: "", parts: [], nowMs: (nowMs += 1) });
    const queued = async (chatId = "a") =>
      (await store.listQueued({ sessionKey: keyOf(chatId), limit: 10 })).map(({ event }) => textOf(event));
    const seqOf = async (eventId: string) =>
      (await store.listQueued({ sessionKey: keyOf("a"), limit: 10 })).find(({ event }) => event.eventId === eventId)?.seq ?? 0;
    const history = async () => (await store.history({ sessionId: "s1", limit: 10 })).map(({ text }) => text);
    const changing = (eventId: string, messageIds: string[], text?: string, chatKey: SessionKey = keyOf("a")): EventIntake => ({
      event: messageOf("a", eventId),
      verdict: "run",
      rule: "allow-all",
      work: { kind: "change", chatKey, messageIds, ...(text === undefined ? {} : { text }) },
    });

    it("takes those that belong together in one turn, each with its own entry, and no more", async () => {
      await accept(turnIntake("a", "e1"), joining("e2"), joining("e3"), turnIntake("a", "e4"), joining("e5"));
      const first = await claim("t1");
      expect([first?.event.eventId, first?.joined.map(({ event }) => event.eventId)]).toEqual(["e1", ["e2", "e3"]]);
      expect(await history()).toEqual(["text of e1", "text of e2", "text of e3"]);
      await finish("t1");
      const second = await claim("t2");
      expect([second?.event.eventId, second?.joined.map(({ event }) => event.eventId)]).toEqual(["e4", ["e5"]]);
      await finish("t2");
      expect(await claim("t3")).toBeUndefined();
    });

    it("never joins what two people say, whatever came between them", async () => {
      await accept(turnIntake("a", "e1"), byOther("e2"), turnIntake("a", "e3"), joining("e4", "8"));
      expect((await claim("t1"))?.joined).toEqual([]);
      await finish("t1");
      await store.changeQueued({ sessionKey: keyOf("a"), seq: await seqOf("e3"), text: undefined });
      const second = await claim("t2");
      expect([second?.event.eventId, second?.joined.map(({ event }) => event.eventId)]).toEqual(["e2", ["e4"]]);
    });

    it("begins with what was to join something that is gone", async () => {
      await accept(joining("e1"), joining("e2"));
      const first = await claim("t1");
      expect([first?.event.eventId, first?.joined.map(({ event }) => event.eventId)]).toEqual(["e1", ["e2"]]);
    });

    it("answers together where the newest came from, and finds each of them", async () => {
      const from = (eventId: string): MessageEvent["origin"] => ({
        ...messageOf("a", eventId).origin,
        grant: { value: eventId, uses: 1 },
      });
      const withGrant = (intake: EventIntake): EventIntake => ({
        ...intake,
        event: { ...intake.event, origin: from(intake.event.eventId) },
      });
      await accept(withGrant(turnIntake("a", "e1")), withGrant(joining("e2")));
      await claim("t1");
      expect((await store.reply("t1"))?.origin?.grant?.value).toBe("e2");
      for (const id of ["e1", "e2"]) expect((await store.findById(id))?.replyIds, id).toEqual(["t1"]);
    });

    it("knows after a crash what belongs to a turn", async () => {
      await accept(turnIntake("a", "e1"), joining("e2"));
      await claim("t1");
      const [left] = await store.listInterruptedTurns({ limit: 10 });
      expect([left?.event.eventId, left?.joined.map(({ event }) => event.eventId)]).toEqual(["e1", ["e2"]]);
    });

    it("lists them in order, and gives one another text or takes it out", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("a", "e2"), turnIntake("b", "e3"));
      const [first, second] = [await seqOf("e1"), await seqOf("e2")];
      expect(await store.changeQueued({ sessionKey: keyOf("a"), seq: second, text: "better" })).toBe(true);
      expect(await queued()).toEqual(["text of e1", "better"]);
      expect(await store.changeQueued({ sessionKey: keyOf("b"), seq: first, text: "elsewhere" })).toBe(false);
      expect(await store.changeQueued({ sessionKey: keyOf("a"), seq: first, text: undefined })).toBe(true);
      expect(await store.changeQueued({ sessionKey: keyOf("a"), seq: first, text: "late" })).toBe(false);
      expect([await queued(), await queued("b")]).toEqual([["better"], ["text of e3"]]);
      expect((await store.event(first))?.state).toBe("dropped");
      expect(await claim("t1").then((turn) => textOf(turn?.event))).toBe("better");
    });

    it("drops only somebody's own where that is asked for", async () => {
      await accept(turnIntake("a", "e1"), byOther("e2"), turnIntake("a", "e3"));
      const dropped = await store.dropQueued({ sessionKey: keyOf("a"), beforeSeq: await seqOf("e3"), authorId: "7" });
      expect(dropped.map(({ event }) => event.eventId)).toEqual(["e1"]);
      expect(await queued()).toEqual(["text of e2", "text of e3"]);
    });

    it("changes those that wait when word of that is stored, once, and tells which", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("a", "e2"));
      const [answer] = await accept(changing("c1", ["e2"], "better"));
      expect(answer).toMatchObject({
        status: "stored",
        work: "change",
        changed: [{ sessionKey: keyOf("a"), event: { text: "text of e2" } }],
      });
      expect(await accept(changing("c1", ["e2"], "again"))).toEqual([{ status: "duplicate" }]);
      expect(await queued()).toEqual(["text of e1", "better"]);
      const [gone] = await accept(changing("c2", ["e1", "e2", "e9"]));
      expect(gone).toMatchObject({ changed: [{ event: { eventId: "e1" } }, { event: { eventId: "e2", text: "better" } }] });
      expect(await queued()).toEqual([]);
    });

    it("leaves alone what does not wait, stands in another chat, or is somebody else's", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("ab", "e2"), byOther("e3"));
      await claim("t1");
      const other = buildSessionKey({ kind: "chat", chat: { ref: { platform, chatId: "b" }, type: "dm" } });
      for (const [index, intake] of [
        changing("c0", ["e1"], "x"),
        changing("c1", ["e2"], "x"),
        changing("c2", ["e3"], "x"),
        changing("c3", ["e3"], "x", other),
      ].entries())
        expect((await accept(intake))[0], `${index}`).toMatchObject({ changed: [] });
      expect([await queued(), await queued("ab")]).toEqual([["text of e3"], ["text of e2"]]);
    });

    it("finds the lanes of everybody in a chat", async () => {
      const chat = { ref: { platform, chatId: "g" }, type: "group" } as const;
      const lane = (userId: string) => buildSessionKey({ kind: "chat", chat, userId });
      const intake = (eventId: string, userId: string): EventIntake => ({
        ...turnIntake("g", eventId),
        work: { kind: "turn", sessionKey: lane(userId) },
      });
      await accept(intake("e1", "7"), intake("e2", "8"));
      const [answer] = await accept(changing("c1", ["e1", "e2"], undefined, buildSessionKey({ kind: "chat", chat })));
      expect(answer).toMatchObject({ changed: [{ sessionKey: lane("7") }, { sessionKey: lane("8") }] });
    });

    it("takes back what a running turn was given before it asked something, and made no checkpoint of", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("a", "e2"));
      await claim("t1");
      await store.takeSteering({ turnId: "t1", sessionKey: keyOf("a"), seqs: [await seqOf("e2")], nowMs });
      const question = { key: "q", kind: "text", prompt: "?", expiresAfterMs: 1000, onExpiry: "" } as const;
      await store.askQuestion({ turnId: "t1", question, expiresAtMs: nowMs + 1000, step: 1, parts: [] });
      expect((await store.returnSteering("t1")).map(({ event }) => event.eventId)).toEqual(["e2"]);
      expect(await queued()).toEqual(["text of e2"]);
    });

    it("gives them to a running turn, and takes back what its last checkpoint does not know of", async () => {
      await accept(turnIntake("a", "e1"), turnIntake("a", "e2"), turnIntake("a", "e3"), turnIntake("a", "e4"));
      await claim("t1");
      const seqs = [await seqOf("e3"), await seqOf("e4"), 999];
      const give = (chosen: readonly number[]) =>
        store.takeSteering({ turnId: "t1", sessionKey: keyOf("a"), seqs: chosen, nowMs });
      expect((await give(seqs.slice(0, 1))).map(({ event }) => event.eventId)).toEqual(["e3"]);
      await store.commitStep({ kind: "checkpoint", turnId: "t1", step: 1, transcript: [], text: "", parts: [] });
      expect((await give(seqs)).map(({ event }) => event.eventId)).toEqual(["e4"]);
      expect([await queued(), await history()]).toEqual([["text of e2"], ["text of e1", "text of e3", "text of e4"]]);
      expect((await store.event(seqs[1] ?? 0))?.state).toBe("taken");
      expect((await store.returnSteering("t1")).map(({ event }) => event.eventId)).toEqual(["e4"]);
      expect(await store.returnSteering("t1")).toEqual([]);
      expect([await queued(), await history()]).toEqual([
        ["text of e2", "text of e4"],
        ["text of e1", "text of e3"],
      ]);
      await finish("t1");
      expect(await give(seqs)).toEqual([]);
    });
  });
}

function textOf(event: { readonly type: string } | undefined): string {
  return event?.type === "message" ? (event as MessageEvent).text : "";
}

function byOther(eventId: string, userId = "8"): EventIntake {
  const intake = turnIntake("a", eventId);
  const author = { id: userId, isBot: false, assurance: "platform" } as const;
  return { ...intake, event: { ...intake.event, origin: { ...intake.event.origin, author } } };
}

function joining(eventId: string, userId = "7"): EventIntake {
  return { ...byOther(eventId, userId), work: { kind: "turn", sessionKey: keyOf("a"), joins: true } };
}
