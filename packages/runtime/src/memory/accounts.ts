import type { SessionKey } from "@hermes/core";
import type { Store, UndoneTurn, UsageQuery, UsageRecord, UsageTotal } from "../store.ts";
import type { Conversations } from "./conversations.ts";
import type { Replies } from "./replies.ts";
import { trim } from "./tables.ts";

const maxRows = 10_000;
const maxUndone = 1000;

type Row = Omit<UsageRecord, "usage" | "nowMs"> & { readonly total: UsageTotal; readonly atMs: number };

/** What models took, by turn, and what was taken back. */
export class Accounts {
  readonly #conversations: Conversations;
  readonly #replies: Replies;
  readonly #rows = new Map<string, Row>();
  /** What the last command of a conversation took back. */
  readonly #undone = new Map<SessionKey, { readonly seq: number; readonly turn: UndoneTurn }>();

  constructor(conversations: Conversations, replies: Replies) {
    this.#conversations = conversations;
    this.#replies = replies;
  }

  /** Takes the newest turn of a session back, once for each command. */
  undo({ sessionKey, seq }: Parameters<Store["undoTurn"]>[0]): UndoneTurn | undefined {
    const before = this.#undone.get(sessionKey);
    if (before?.seq === seq) return before.turn;
    const session = this.#conversations.current(sessionKey);
    const turnId = session === undefined ? undefined : this.#conversations.lastTurn(session.id);
    if (session === undefined || turnId === undefined || this.#replies.find(turnId)?.state === "running") return undefined;
    const turn = { turnId, text: this.#conversations.undo(session, turnId) };
    this.#undone.set(sessionKey, { seq, turn });
    trim(this.#undone, maxUndone);
    return turn;
  }

  add({ usage, nowMs, ...whose }: UsageRecord): void {
    const model = usage.model ?? "";
    const name = `${whose.turnId}\n${model}`;
    const before = this.#rows.get(name)?.total;
    const total: UsageTotal = {
      model,
      calls: 1,
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      cachedInputTokens: usage.cachedInputTokens ?? 0,
      reasoningTokens: usage.reasoningTokens ?? 0,
      costUsd: usage.costUsd ?? 0,
      unpricedCalls: usage.costUsd === undefined ? 1 : 0,
    };
    this.#rows.set(name, { ...whose, atMs: nowMs, total: before === undefined ? total : sum(before, total) });
    trim(this.#rows, maxRows);
  }

  totals({ turnId, sessionId, person, sinceMs }: UsageQuery): readonly UsageTotal[] {
    const totals = new Map<string, UsageTotal>();
    for (const row of this.#rows.values()) {
      const isMeant =
        (turnId === undefined || row.turnId === turnId) &&
        (sessionId === undefined || row.sessionId === sessionId) &&
        (person === undefined || row.person === person) &&
        (sinceMs === undefined || row.atMs >= sinceMs);
      if (!isMeant) continue;
      const before = totals.get(row.total.model);
      totals.set(row.total.model, before === undefined ? row.total : sum(before, row.total));
    }
    return [...totals.values()].toSorted((a, b) => b.inputTokens + b.outputTokens - (a.inputTokens + a.outputTokens));
  }
}

function sum(a: UsageTotal, b: UsageTotal): UsageTotal {
  return {
    model: a.model,
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    costUsd: a.costUsd + b.costUsd,
    unpricedCalls: a.unpricedCalls + b.unpricedCalls,
  };
}
