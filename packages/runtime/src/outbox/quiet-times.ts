import type { SessionKey } from "@hermes/core";

const maxRemembered = 1000;

/** Keeps what is said again and again in a conversation down to once within a time. */
export class QuietTimes {
  readonly #toldAtMs = new Map<SessionKey, number>();
  readonly #quietMs: number;

  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** Whether it may be said there now; then it counts as said. */
  mayTell(sessionKey: SessionKey, nowMs: number): boolean {
    const toldAtMs = this.#toldAtMs.get(sessionKey) ?? -Infinity;
    // A clock that was set back must not keep anybody from being told.
    if (nowMs >= toldAtMs && nowMs - toldAtMs < this.#quietMs) return false;
    if (this.#toldAtMs.size >= maxRemembered) this.#toldAtMs.clear();
    this.#toldAtMs.set(sessionKey, nowMs);
    return true;
  }
}
