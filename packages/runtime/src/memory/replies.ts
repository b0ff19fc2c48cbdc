import type { Answer, Chat, Origin, Part, SessionKey } from "@hermes/core";
import type { DeliveryQuery, Page } from "../ledger/ledger.ts";
import { isPending } from "../reply-progress.ts";
import { StoreError } from "../store-error.ts";
import type { Asking, CutOff, InterruptedTurn, StoredReply, StoredQuestion, TurnStep, UnsettledReply } from "../store.ts";
import { pageAfter, trim, type TurnRow } from "./tables.ts";

/** Turns and notices that are over are needed for nothing but a late word about them, and for those who ask what became of them. */
const maxSettled = 1000;

/** What a turn or a notice begins with. */
export interface ReplyBeginning {
  readonly id: string;
  readonly sessionKey: SessionKey;
  readonly state: TurnRow["state"];
  readonly nowMs: number;
  readonly chat: Chat;
  readonly origin: Origin | undefined;
  readonly sessionId?: string;
  readonly source?: TurnRow["source"];
  readonly joined?: TurnRow["joined"];
  readonly seq?: number;
}

/** Turns, notices, and what is known of their parts. */
export class Replies {
  readonly #turns = new Map<string, TurnRow>();

  add({ id, sessionKey, state, nowMs, chat, origin, sessionId, source, joined = [], seq }: ReplyBeginning): TurnRow {
    const row: TurnRow = {
      id,
      sessionKey,
      sessionId,
      chat,
      origin,
      source,
      joined,
      steered: [],
      seq: source?.seq ?? seq,
      state,
      startedAtMs: nowMs,
      endedAtMs: state === "running" ? undefined : nowMs,
      tools: [],
      step: 0,
      checkpoint: undefined,
      said: "",
      steps: [],
      questions: new Map(),
      parts: new Map(),
      isCutOff: false,
    };
    this.#turns.set(id, row);
    trim(this.#turns, maxSettled, (old) => old.state !== "running" && !old.isCutOff && ![...old.parts.values()].some(isPending));
    return row;
  }

  get lastId(): string | undefined {
    return [...this.#turns.keys()].at(-1);
  }

  get(id: string): TurnRow {
    const turn = this.#turns.get(id);
    if (turn === undefined) throw new StoreError("unavailable", `There is no reply ${id} in this store`);
    return turn;
  }

  put(turn: TurnRow, parts: readonly Part[]): void {
    for (const part of parts) turn.parts.set(part.index, part);
  }

  step(step: TurnStep): TurnRow {
    const turn = this.get(step.turnId);
    switch (step.kind) {
      case "parts":
        this.put(turn, step.parts);
        break;
      case "tool-start":
        turn.tools = [...turn.tools.filter(({ callId }) => callId !== step.tool.callId), { ...step.tool, state: "open" }];
        break;
      case "tool-end":
        turn.tools = turn.tools.map((tool) => (tool.callId === step.callId ? { ...tool, state: "over" } : tool));
        break;
      case "tool-wait":
        turn.tools = turn.tools.filter(({ callId }) => callId !== step.callId);
        break;
      case "checkpoint":
        turn.step = step.step;
        turn.checkpoint = step.state;
        turn.said = step.text;
        turn.tools = turn.tools.filter(({ state }) => state === "open");
        turn.steered = turn.steered.map(({ row }) => ({ row, isKnown: true }));
        this.put(turn, step.parts);
        break;
    }
    return turn;
  }

  ask({ turnId, question, expiresAtMs, step, parts }: Asking): Answer | undefined {
    const turn = this.get(turnId);
    const { questions } = turn;
    turn.step = step;
    this.put(turn, parts);
    const asked = questions.get(question.key) ?? { key: question.key, question, expiresAtMs };
    questions.set(question.key, asked);
    return asked.answer;
  }

  answer(turnId: string, key: string, answer: Answer): boolean {
    const turn = this.#turns.get(turnId);
    const asked = turn?.questions.get(key);
    if (turn?.state !== "running" || asked === undefined || asked.answer !== undefined) return false;
    turn.questions.set(key, { ...asked, answer } satisfies StoredQuestion);
    return true;
  }

  /** The session's next turn is to be told what this one left open: until then it stays. Nobody needs `before` any more. */
  noteCutOff(turn: TurnRow, isCutOff: boolean, before: string | undefined): void {
    const told = before === undefined ? undefined : this.#turns.get(before);
    if (told !== undefined) told.isCutOff = false;
    turn.isCutOff = isCutOff;
  }

  reopen(id: string, parts: readonly Part[]): boolean {
    const turn = this.#turns.get(id);
    if (turn === undefined || turn.state === "running") return false;
    this.put(turn, parts);
    return true;
  }

  interrupted(afterId: string | undefined, limit: number): readonly InterruptedTurn[] {
    return pageAfter([...this.#turns.values()], afterId, limit, ({ state }) => state === "running").flatMap((turn) =>
      turn.source === undefined || turn.sessionId === undefined
        ? []
        : [
            {
              turnId: turn.id,
              sessionId: turn.sessionId,
              sessionKey: turn.sessionKey,
              seq: turn.source.seq,
              event: turn.source.event,
              joined: turn.joined.map(({ seq, event }) => ({ seq, event })),
              ...(turn.before === undefined ? {} : { before: turn.before }),
              parts: partsOf(turn),
              tools: turn.tools,
              step: turn.step,
              ...(turn.checkpoint === undefined ? {} : { state: turn.checkpoint }),
              text: turn.said,
              questions: [...turn.questions.values()],
            },
          ],
    );
  }

  unsettled(afterId: string | undefined, limit: number): readonly UnsettledReply[] {
    const isUnsettled = (turn: TurnRow): boolean => turn.state !== "running" && [...turn.parts.values()].some(isPending);
    return pageAfter([...this.#turns.values()], afterId, limit, isUnsettled).map((turn) => ({
      replyId: turn.id,
      sessionKey: turn.sessionKey,
      chat: turn.chat,
      ...(turn.origin === undefined ? {} : { origin: turn.origin }),
      parts: partsOf(turn),
      sinceMs: turn.endedAtMs ?? turn.startedAtMs,
    }));
  }

  cutOff(id: string): CutOff | undefined {
    const turn = this.#turns.get(id);
    if (turn === undefined) return undefined;
    const shown = partsOf(turn).flatMap((part) => part.shown);
    return {
      turnId: id,
      shown: shown.join("\n"),
      ...(turn.checkpoint === undefined ? {} : { state: turn.checkpoint }),
      open: turn.tools,
    };
  }

  /** Whether anything of a session's answers runs or is not shown yet. */
  isBusy(sessionKey: SessionKey): boolean {
    return [...this.#turns.values()].some(
      (turn) => turn.sessionKey === sessionKey && (turn.state === "running" || [...turn.parts.values()].some(isPending)),
    );
  }

  /** Notices that stand alone, newest first. */
  notices(sessionKey: SessionKey, before: string | undefined, limit: number): readonly TurnRow[] {
    return [...this.#turns.values()]
      .filter((turn) => turn.sessionKey === sessionKey && turn.source === undefined)
      .filter(({ id }) => before === undefined || id < before)
      .toSorted((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit);
  }

  find(id: string): TurnRow | undefined {
    return this.#turns.get(id);
  }

  forget(sessionKey: SessionKey): void {
    for (const [id, turn] of this.#turns) if (turn.sessionKey === sessionKey) this.#turns.delete(id);
  }

  reply(id: string): StoredReply | undefined {
    const turn = this.#turns.get(id);
    return turn === undefined ? undefined : storedReply(turn);
  }

  list({ state, platform, limit, after }: DeliveryQuery): Page<StoredReply> {
    const rows = [...this.#turns.values()]
      .toReversed()
      .filter((turn) => after === undefined || turn.id < after)
      .filter((turn) => (platform ?? turn.chat.ref.platform) === turn.chat.ref.platform && isInState(turn, state));
    const last = rows[limit - 1];
    return {
      rows: rows.slice(0, limit).map(storedReply),
      ...(rows.length > limit && last !== undefined ? { next: last.id } : {}),
    };
  }

  /** The newest reply one of whose messages has this id. */
  findByMessage(id: string): string | undefined {
    const [message, chat] = id.split("/").toReversed();
    return [...this.#turns.values()].findLast((turn) =>
      partsOf(turn).some(({ refs }) => refs.some((ref) => ref.messageId === message && (chat ?? ref.chatId) === ref.chatId)),
    )?.id;
  }
}

function isInState(turn: TurnRow, state: DeliveryQuery["state"]): boolean {
  const parts = partsOf(turn);
  switch (state) {
    case undefined:
      return true;
    case "pending":
      return turn.state !== "running" && parts.some(isPending);
    case "troubled":
      return parts.some((part) => part.state === "unknown" || part.state === "failed");
  }
}

function partsOf(turn: TurnRow): readonly Part[] {
  return [...turn.parts.values()].sort((a, b) => a.index - b.index);
}

function storedReply(turn: TurnRow): StoredReply {
  const beside = [...turn.joined, ...turn.steered.map(({ row }) => row)].map((row) => row.seq);
  const { id, source, state, sessionKey, chat, origin, seq, startedAtMs, endedAtMs } = turn;
  return {
    replyId: id,
    kind: source === undefined ? "notice" : "turn",
    state,
    sessionKey,
    chat,
    ...(origin === undefined ? {} : { origin }),
    ...(seq === undefined ? {} : { seq }),
    ...(beside.length === 0 ? {} : { beside }),
    startedAtMs,
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    parts: partsOf(turn),
  };
}
