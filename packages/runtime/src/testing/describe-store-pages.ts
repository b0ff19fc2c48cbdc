import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createConversations } from "../conversations/create-conversations.ts";
import type { Message } from "../conversations/conversations.ts";
import type { Store } from "../store.ts";
import { chatOf, commandIntake, keyOf, partOf, platform, turnIntake, type StoreUnderTest } from "./store-samples.ts";

/** The same numbers for the same seed, each below `end`. */
function numbersFrom(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % end;
  };
}

/** What every store must do when a conversation is read page by page. */
export function describeStorePages(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name} read page by page`, () => {
    let subject: StoreUnderTest;
    let store: Store;

    beforeEach(async () => {
      subject = await create();
      store = subject.store;
      await store.open();
    });
    afterEach(() => subject.dispose());

    /** Things happen in a chat, some within one moment, and sometimes the clock is set back. */
    async function live(chatId: string, below: (end: number) => number): Promise<void> {
      let nowMs = 5_000_000;
      const sessionKey = keyOf(chatId);
      const replyIdOf = (number: number): string => `turn_${chatId}_${String(number).padStart(4, "0")}`;
      for (let number = 0; number < 12; number += 1) {
        nowMs += [0, 0, 1, 7, -9][below(5)] ?? 0;
        // What is announced is kept when the store takes it, and not in the order in which it was begun.
        const [eventId, replyId] = [`${chatId}_e${number}`, replyIdOf(number ^ below(2))];
        const taken = await store.reply(replyId);
        const turnId = taken === undefined ? replyId : replyIdOf(number + 100);
        const notice = { replyId: turnId, sessionKey, chat: chatOf(chatId), nowMs };
        const parts = [partOf(0, "sent", { kind: "notice", shown: [`notice ${number}`], firstShownAtMs: nowMs + below(3) })];
        switch (below(4)) {
          case 0:
            await store.postNotice({ ...notice, parts });
            break;
          case 1: {
            await store.acceptEvents({ platform, intakes: [commandIntake(chatId, eventId)], nowMs });
            const seq = (await store.nextCommand(sessionKey))?.seq ?? 0;
            await store.postNotice({ ...notice, seq, parts });
            break;
          }
          default: {
            await store.acceptEvents({ platform, intakes: [turnIntake(chatId, eventId)], nowMs });
            await store.claimTurn({ sessionKey, turnId, newSessionId: `session_${chatId}_${number}`, nowMs });
            nowMs += below(2);
            const outcome = below(3) === 0 ? "interrupted" : "finished";
            const text = outcome === "finished" ? `answer ${number}` : "";
            await store.finishTurn({ turnId, outcome, text, parts: below(2) === 0 ? parts : [], nowMs });
          }
        }
        if (below(6) === 0) await store.endSession({ sessionKey, nowMs });
      }
    }

    it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
      "loses nothing and tells nothing twice (seed %i)",
      async (seed) => {
        const below = numbersFrom(seed);
        const chatId = `chat${seed}`;
        const conversations = createConversations({ store, isRunning: () => false });
        await live(chatId, below);
        const read = async (limit: number): Promise<readonly Message[]> => {
          const messages: Message[] = [];
          let before: string | undefined;
          do {
            const page = await conversations.history({
              sessionKey: keyOf(chatId),
              limit,
              ...(before === undefined ? {} : { before }),
            });
            messages.push(...page.rows);
            before = page.next;
            expect(messages.length).toBeLessThan(100);
          } while (before !== undefined);
          return messages;
        };
        const named = (messages: readonly Message[]): readonly string[] =>
          messages.map(({ id, role, text }) => `${id} ${role} ${text}`).toSorted();
        const all = named(await read(1000));
        expect(all.length).toBeGreaterThanOrEqual(12);
        for (const limit of [1, 2, 3, 5]) expect(named(await read(limit))).toEqual(all);
      },
    );
  });
}
