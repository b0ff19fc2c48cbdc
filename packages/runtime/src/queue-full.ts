import type { Clock, Logger, PlatformEvent, SessionKey } from "@hermes/core";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Ids } from "./ids.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { Store } from "./store.ts";

/** One notice per conversation within this time: a flood is not answered with a flood. */
const quietMs = 30_000;
const maxRemembered = 1000;

/** What these notices are made with. */
export interface QueueFullParts {
  readonly outbox: Outbox;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Tells people that a message of theirs was not taken. */
export class QueueFullNotices {
  readonly #parts: QueueFullParts;
  readonly #toldAtMs = new Map<SessionKey, number>();

  constructor(parts: QueueFullParts) {
    this.#parts = parts;
  }

  tell({ chat, origin }: PlatformEvent, sessionKey: SessionKey, waiting: number): void {
    const { outbox, store, catalogue, ids, clock, logger } = this.#parts;
    const nowMs = clock.now();
    if (nowMs - (this.#toldAtMs.get(sessionKey) ?? -Infinity) < quietMs) return;
    if (this.#toldAtMs.size >= maxRemembered) this.#toldAtMs.clear();
    this.#toldAtMs.set(sessionKey, nowMs);
    const target = { replyId: ids.turn(), sessionKey, chat, origin };
    // Not awaited: whoever offers events must not wait for a notice. Written down like everything that is said.
    void outbox
      .say(target, catalogue.queueFull(waiting), (parts) => store.postNotice({ ...target, parts, nowMs }))
      .catch((error: unknown) =>
        logger.warn(`A notice could not be given: ${error instanceof Error ? error.message : String(error)}`),
      );
  }
}
