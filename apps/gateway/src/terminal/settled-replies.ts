import type { Part } from "@hermes/core";
import type { Store, TurnEnding } from "@hermes/runtime";

/** How the answer to a message ended; `dropped`: it was taken out of the queue unanswered. */
export type Settlement = TurnEnding["outcome"] | "dropped";

/** A store that also tells when the answer to a message of `platform` is over, by that message's id. */
export function watchReplies(store: Store, platform: string, onSettled: (messageId: string, how: Settlement) => void): Store {
  const waiting = new Map<string, { readonly sessionKey: string; readonly seq: number }>();
  const replies = new Map<string, Reply>();
  const begin = (replyId: string, messageId: string): void => {
    waiting.delete(messageId);
    replies.set(replyId, { messageId, pending: new Set(), outcome: undefined });
  };
  const note = (replyId: string, parts: readonly Part[], outcome?: Settlement): void => {
    const reply = replies.get(replyId);
    if (reply === undefined) return;
    for (const part of parts) {
      if (part.state === "open" || part.state === "closed") reply.pending.add(part.index);
      else reply.pending.delete(part.index);
    }
    reply.outcome ??= outcome;
    if (reply.outcome === undefined || reply.pending.size > 0) return;
    replies.delete(replyId);
    onSettled(reply.messageId, reply.outcome);
  };
  return override(store, {
    async acceptEvents(batch) {
      const accepted = await store.acceptEvents(batch);
      if (batch.platform !== platform) return accepted;
      for (const [index, { event, work }] of batch.intakes.entries()) {
        const answer = accepted[index];
        const messageId = event.origin.message?.messageId;
        if (answer?.status !== "stored" || work.kind === "none" || messageId === undefined) continue;
        if (answer.work === "turn") waiting.set(messageId, { sessionKey: work.sessionKey, seq: answer.seq });
        // What it brings on is said to whoever asked the question's turn.
        if (answer.work === "answer") onSettled(messageId, "finished");
      }
      return accepted;
    },
    async dropQueued(request) {
      const dropped = await store.dropQueued(request);
      for (const [messageId, { sessionKey, seq }] of waiting) {
        if (sessionKey !== request.sessionKey || seq >= request.beforeSeq) continue;
        waiting.delete(messageId);
        onSettled(messageId, "dropped");
      }
      return dropped;
    },
    async claimTurn(request) {
      const claimed = await store.claimTurn(request);
      const messageId = claimed?.event.chat.ref.platform === platform ? claimed.event.origin.message?.messageId : undefined;
      if (claimed !== undefined && messageId !== undefined) begin(claimed.turnId, messageId);
      return claimed;
    },
    async commitStep(step) {
      await store.commitStep(step);
      if (step.kind === "parts") note(step.turnId, step.parts);
    },
    async finishTurn(ending) {
      await store.finishTurn(ending);
      note(ending.turnId, ending.parts, ending.outcome);
    },
    async postNotice(notice) {
      await store.postNotice(notice);
      const messageId = notice.chat.ref.platform === platform ? notice.origin?.message?.messageId : undefined;
      if (messageId === undefined) return;
      begin(notice.replyId, messageId);
      note(notice.replyId, notice.parts, "finished");
    },
    async settleParts(settlement) {
      await store.settleParts(settlement);
      note(settlement.replyId, settlement.parts);
    },
  });
}

interface Reply {
  readonly messageId: string;
  /** Parts that are not yet shown or given up. */
  readonly pending: Set<number>;
  /** Known once everything that will be said is said. */
  outcome: Settlement | undefined;
}

/** `target` with some methods replaced; the others run on the target itself, which may keep private state. */
function override<Target extends object>(target: Target, methods: Partial<Target>): Target {
  return new Proxy(target, {
    get(object, key) {
      const replaced: unknown = Reflect.get(methods, key);
      if (replaced !== undefined) return replaced;
      const value: unknown = Reflect.get(object, key, object);
      return typeof value === "function" ? (value.bind(object) as unknown) : value;
    },
  });
}
