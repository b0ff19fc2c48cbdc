import type { PlatformEvent, SessionKey } from "@hermes/core";
import type { ClaimedTurn, InterruptedTurn, StoredQuestion } from "../store.ts";
import type { OpenQuestion, Questions } from "./questions.ts";

/** Turns that an earlier process left, per lane, oldest first: they come before anything new. */
export class LeftBehind {
  readonly #questions: Pick<Questions, "expect" | "forget">;
  readonly #turns = new Map<SessionKey, InterruptedTurn[]>();
  /** Of those, the ones that were stopped before their turn came. */
  readonly #stopped = new Set<string>();

  constructor(questions: Pick<Questions, "expect" | "forget">) {
    this.#questions = questions;
  }

  add(turn: InterruptedTurn): void {
    const turns = this.#turns.get(turn.sessionKey) ?? [];
    this.#turns.set(turn.sessionKey, turns);
    turns.push(turn);
    const question = turn.questions.find(({ answer }) => answer === undefined);
    if (question !== undefined) this.#questions.expect(openQuestion(turn, question));
  }

  /** Those of a lane that may be stopped end instead of running again; answers how many, and of how many. */
  stop(key: SessionKey, mayStop: (inputs: readonly PlatformEvent[]) => boolean): { stopped: number; of: number } {
    const all = this.#turns.get(key) ?? [];
    const turns = all.filter(({ event, joined }) => mayStop([event, ...joined.map((each) => each.event)]));
    for (const turn of turns) {
      this.#stopped.add(turn.turnId);
      this.#questions.forget(turn);
    }
    return { stopped: turns.length, of: all.length };
  }

  isStopped({ turnId }: Pick<InterruptedTurn, "turnId">): boolean {
    return this.#stopped.has(turnId);
  }

  /** Takes the lane's oldest out; undefined where there are none. */
  next(key: SessionKey): InterruptedTurn | undefined {
    const turns = this.#turns.get(key);
    const turn = turns?.shift();
    if (turns?.length === 0) this.#turns.delete(key);
    return turn;
  }
}

/** A stored question of a turn, and whom it was put to. */
export function openQuestion(
  { turnId, sessionKey, event }: ClaimedTurn,
  { question, expiresAtMs }: StoredQuestion,
): OpenQuestion {
  return { turnId, sessionKey, question, asked: { chat: event.chat.ref, userId: event.origin.author.id }, expiresAtMs };
}
