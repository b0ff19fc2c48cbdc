import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Part } from "@hermes/core";
import type { Store } from "../store.ts";
import { chatOf, commandIntake, keyOf, messageOf, partOf, platform, turnIntake, type StoreUnderTest } from "./store-samples.ts";

/** What people can ask of a store: what every store must answer. */
export function describeStoreLedger(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}, asked what became of something,`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    const nowMs = 1_000_000;
    beforeEach(async () => {
      subject = await create();
      store = subject.store;
      await store.open();
    });
    afterEach(() => subject.dispose());

    /** Somebody's message and its answer. */
    const exchange = async (chatId: string, count: number, parts: readonly Part[]): Promise<void> => {
      await store.acceptEvents({ platform, intakes: [turnIntake(chatId, `e${count}`)], nowMs });
      await store.claimTurn({ sessionKey: keyOf(chatId), turnId: `t${count}`, newSessionId: `s${count}`, nowMs });
      await store.finishTurn({ turnId: `t${count}`, outcome: "finished", text: "", parts, nowMs: nowMs + 1 });
    };
    const replyIds = async (query: Partial<Parameters<Store["listReplies"]>[0]>) =>
      (await store.listReplies({ limit: 10, ...query })).rows.map(({ replyId }) => replyId);
    const sentAs = (messageId: string): Part => partOf(0, "sent", { refs: [{ platform, chatId: "a", messageId }] });

    it("lists replies newest first, page by page", async () => {
      for (const count of [1, 2, 3]) await exchange("a", count, [partOf(0, "sent")]);
      const first = await store.listReplies({ limit: 2 });
      expect(first.rows.map(({ replyId }) => replyId)).toEqual(["t3", "t2"]);
      const rest = await store.listReplies({ limit: 2, after: first.next ?? "" });
      expect(rest).toMatchObject({ rows: [{ replyId: "t1" }] });
      expect(rest.next).toBeUndefined();
    });

    it("tells those that wait from those in trouble", async () => {
      await exchange("a", 1, [partOf(0, "closed")]);
      await exchange("a", 2, [partOf(0, "sent"), partOf(1, "failed")]);
      await exchange("a", 3, [partOf(0, "unknown")]);
      await exchange("a", 4, [partOf(0, "sent")]);
      expect(await replyIds({ state: "pending" })).toEqual(["t1"]);
      expect(await replyIds({ state: "troubled" })).toEqual(["t3", "t2"]);
      expect(await replyIds({ platform: "another" })).toEqual([]);
      expect(await replyIds({ platform })).toEqual(["t4", "t3", "t2", "t1"]);
    });

    it("knows the newest reply and the newest event when it is opened again", async () => {
      await exchange("a", 1, [partOf(0, "sent")]);
      await exchange("a", 2, [partOf(0, "sent")]);
      const newest = (await store.reply("t2"))?.seq;
      expect(await store.open()).toEqual({ lastSeq: newest, lastReplyId: "t2" });
    });

    it("knows a reply whole", async () => {
      await exchange("a", 1, [sentAs("m9")]);
      expect(await store.reply("t1")).toEqual({
        replyId: "t1",
        kind: "turn",
        state: "finished",
        sessionKey: keyOf("a"),
        chat: chatOf("a"),
        origin: messageOf("a", "e1").origin,
        seq: expect.any(Number),
        startedAtMs: nowMs,
        endedAtMs: nowMs + 1,
        parts: [sentAs("m9")],
      });
      expect(await store.reply("nobody's")).toBeUndefined();
    });

    it("shows again what is reopened, unless its turn still runs", async () => {
      await exchange("a", 1, [partOf(0, "failed")]);
      expect(await store.reopenParts({ replyId: "t1", parts: [partOf(0, "closed")] })).toBe(true);
      expect(await store.listUnsettledReplies({ limit: 10 })).toMatchObject([{ replyId: "t1", sinceMs: nowMs + 1 }]);
      await store.acceptEvents({ platform, intakes: [turnIntake("a", "e2")], nowMs });
      await store.claimTurn({ sessionKey: keyOf("a"), turnId: "t2", newSessionId: "s2", nowMs });
      expect(await store.reopenParts({ replyId: "t2", parts: [] })).toBe(false);
      expect(await store.reopenParts({ replyId: "nobody's", parts: [] })).toBe(false);
    });

    it("lists events newest first, by verdict, state and platform, page by page", async () => {
      await exchange("a", 1, []);
      await store.acceptEvents({
        platform,
        intakes: [
          turnIntake("a", "e2"),
          { event: messageOf("b", "e3"), verdict: "refuse", rule: "not-allowed", work: { kind: "none" } },
        ],
        nowMs,
      });
      const events = async (query: Partial<Parameters<Store["listEvents"]>[0]>) =>
        (await store.listEvents({ limit: 10, ...query })).rows.map(({ eventId }) => eventId);
      expect(await events({})).toEqual(["e3", "e2", "e1"]);
      expect(await events({ verdict: "refuse" })).toEqual(["e3"]);
      expect(await events({ state: "waiting" })).toEqual(["e2"]);
      expect(await events({ platform: "another" })).toEqual([]);
      const first = await store.listEvents({ limit: 2 });
      expect(await events({ after: first.next ?? "" })).toEqual(["e1"]);
    });

    it("keeps of an event what it may", async () => {
      const answers = await store.acceptEvents({
        platform,
        intakes: [
          turnIntake("a", "e1"),
          { event: messageOf("b", "e2"), verdict: "refuse", rule: "not-allowed", work: { kind: "none" } },
        ],
        nowMs,
      });
      const [kept, refused] = answers.map((answer) => (answer.status === "stored" ? answer.seq : -1));
      expect(await store.event(kept ?? -1)).toEqual({
        seq: kept,
        platform,
        eventId: "e1",
        verdict: "run",
        rule: "allow-all",
        state: "waiting",
        atMs: nowMs,
        sessionKey: keyOf("a"),
        work: "turn",
        event: messageOf("a", "e1"),
      });
      expect(await store.event(refused ?? -1)).toEqual({
        seq: refused,
        platform,
        eventId: "e2",
        verdict: "refuse",
        rule: "not-allowed",
        state: "recorded",
        atMs: nowMs,
      });
      expect(await store.event(999)).toBeUndefined();
    });

    it("finds a message's way by any of its ids", async () => {
      await exchange("a", 1, [sentAs("out-1")]);
      await exchange("a", 2, [sentAs("out-2")]);
      const seq = (await store.reply("t1"))?.seq;
      const way = { seq, replyIds: ["t1"] };
      for (const id of ["e1", "t1", "out-1", "a/out-1", "a/e1", `${seq ?? ""}`])
        expect(await store.findById(id), id).toEqual(way);
      for (const id of ["nobody's", "b/out-1", "b/e1", "out-", "", "999"]) expect(await store.findById(id), id).toBeUndefined();
    });

    it("finds what answered a command, and a notice that answers nothing", async () => {
      const [accepted] = await store.acceptEvents({ platform, intakes: [commandIntake("a", "e1")], nowMs });
      const seq = accepted?.status === "stored" ? accepted.seq : -1;
      const notice = { sessionKey: keyOf("a"), chat: chatOf("a"), parts: [sentAs("m1")], nowMs };
      await store.postNotice({ ...notice, replyId: "n1", seq });
      await store.postNotice({ ...notice, replyId: "n2", parts: [sentAs("m2")] });
      expect(await store.findById("e1")).toEqual({ seq, replyIds: ["n1"] });
      expect(await store.findById("m1")).toEqual({ seq, replyIds: ["n1"] });
      expect(await store.findById("m2")).toEqual({ replyIds: ["n2"] });
    });

    it("remembers chats that cannot be reached", async () => {
      const parked = { platform, chatId: "a", reason: "forbidden", sinceMs: 1, retryAtMs: 2 };
      await store.parkChat(parked);
      await store.parkChat({ ...parked, retryAtMs: 3 });
      await store.parkChat({ ...parked, chatId: "b" });
      await store.unparkChat({ platform, chatId: "b" });
      expect(await store.listParkedChats()).toEqual([{ ...parked, retryAtMs: 3 }]);
    });
  });
}
