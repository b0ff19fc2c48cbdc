import type { Clock } from "@hermes/core";
import type { SupervisionWords } from "../catalogue/supervision-words.ts";
import type { OperatorNotice, OperatorNotices } from "../delivery/operator-notices.ts";

/** What these notices are made with. */
export interface TroubleDeskParts {
  readonly operators: Pick<OperatorNotices, "tell">;
  readonly words: SupervisionWords;
  readonly clock: Clock;
}

/** Why a platform is off. */
export type Trouble =
  /** It failed too often in a row. Without `probeAtMs` it stays off until somebody resumes it. */
  | { readonly kind: "tripped"; readonly reason: string; readonly failures: number; readonly probeAtMs: number | undefined }
  /** Only a person can mend it. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Tells whoever looks after the gateway that a platform is off, and that it is back: each once. Where nobody can be told yet, the
 * newest word of each platform waits until somebody can.
 */
export class TroubleDesk {
  readonly #parts: TroubleDeskParts;
  readonly #offSinceMs = new Map<string, number>();
  readonly #waiting = new Map<string, OperatorNotice>();
  #isTelling = false;
  #isNew = false;

  constructor(parts: TroubleDeskParts) {
    this.#parts = parts;
  }

  /** A platform went off. */
  off(platform: string, trouble: Trouble): void {
    const { words, clock } = this.#parts;
    const nowMs = clock.now();
    if (!this.#offSinceMs.has(platform)) this.#offSinceMs.set(platform, nowMs);
    const text = trouble.kind === "failed" ? words.failed(platform, trouble) : words.tripped(platform, trouble, nowMs);
    this.#waiting.set(platform, { text, about: platform, key: `off:${platform}:${nowMs}` });
    this.look();
  }

  /** A platform is there, and lasts. Says nothing where it was not off. */
  back(platform: string): void {
    const { words, clock } = this.#parts;
    const nowMs = clock.now();
    const sinceMs = this.#offSinceMs.get(platform);
    if (sinceMs === undefined) return;
    this.#offSinceMs.delete(platform);
    // It may be told where it happened; where nobody was told that it was off, this says both.
    this.#waiting.set(platform, { text: words.back(platform, nowMs - sinceMs), key: `back:${platform}:${nowMs}` });
    this.look();
  }

  /** Tries to tell what waits: somebody may be there now. */
  look(): void {
    this.#isNew = true;
    // Not awaited: telling never rejects, and nobody waits for it.
    if (!this.#isTelling && this.#waiting.size > 0) void this.#tell();
  }

  async #tell(): Promise<void> {
    this.#isTelling = true;
    while (this.#isNew) {
      this.#isNew = false;
      for (const [platform, notice] of this.#waiting) {
        const chat = await this.#parts.operators.tell(notice);
        if (chat !== undefined && this.#waiting.get(platform) === notice) this.#waiting.delete(platform);
      }
    }
    this.#isTelling = false;
  }
}
