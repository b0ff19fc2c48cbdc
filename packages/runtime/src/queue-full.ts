import type { Clock, PlatformEvent, SessionKey } from "@hermes/core";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Notices } from "./outbox/notices.ts";
import { QuietTimes } from "./outbox/quiet-times.ts";

/** One notice per conversation within this time: a flood is not answered with a flood. */
const quietMs = 30_000;

/** What these notices are made with. */
export interface QueueFullParts {
  readonly notices: Notices;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
}

/** Tells people that a message of theirs was not taken. */
export class QueueFullNotices {
  readonly #parts: QueueFullParts;
  readonly #quiet = new QuietTimes(quietMs);

  constructor(parts: QueueFullParts) {
    this.#parts = parts;
  }

  tell({ chat, origin }: PlatformEvent, sessionKey: SessionKey, waiting: number): void {
    const { notices, catalogue, clock } = this.#parts;
    if (this.#quiet.mayTell(sessionKey, clock.now())) notices.give({ sessionKey, chat, origin }, catalogue.queueFull(waiting));
  }
}
