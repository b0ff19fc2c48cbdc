import type { SessionKey } from "@hermes/core";

/** What an event that is taken in waits as. */
type Kind = "turn" | "command";

/** What was taken in and is not stored yet, by lane. */
export class Arrivals {
  readonly #counts = new Map<SessionKey, { turn: number; command: number }>();

  add(key: SessionKey, kind: Kind): void {
    const counts = this.#counts.get(key) ?? { turn: 0, command: 0 };
    counts[kind] += 1;
    this.#counts.set(key, counts);
  }

  /** It is stored, or it never will be. */
  remove(key: SessionKey, kind: Kind): void {
    const counts = this.#counts.get(key);
    if (counts === undefined) return;
    counts[kind] -= 1;
    if (counts.turn + counts.command === 0) this.#counts.delete(key);
  }

  turns(key: SessionKey): number {
    return this.#counts.get(key)?.turn ?? 0;
  }

  /** Nothing else arrives for the lane of something that does. */
  isAlone(key: SessionKey): boolean {
    const { turn = 0, command = 0 } = this.#counts.get(key) ?? {};
    return turn + command === 1;
  }
}
