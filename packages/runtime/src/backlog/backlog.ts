import type { Chat, Clock, Logger, Origin, PlatformEvent, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Ids } from "../ids.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { ClaimedTurn, Store } from "../store.ts";
import type { Presence } from "../supervision/presence.ts";
import { latenessOf, type Absence, type Lateness } from "./absence.ts";
import type { BacklogPolicy } from "./backlog-policy.ts";

/** A platform hands out what waited for it in several batches: they are told of together. */
const gatherMs = 3000;
const maxRemembered = 5000;

/** What the backlog is looked after with. */
export interface BacklogParts {
  readonly policy: Required<BacklogPolicy>;
  readonly presence: Pick<Presence, "lastSeenMs" | "connectedSinceMs">;
  readonly outbox: Outbox;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Messages of one conversation that are too old to be answered. */
interface Missed {
  readonly chat: Chat;
  readonly origin: Origin;
  readonly absence: Absence;
  count: number;
}

/** Knows which messages came while their platform was away, and tells people about it once per conversation and absence. */
export class Backlog {
  readonly #parts: BacklogParts;
  /** Until when the absence lasted that a conversation was told of last. */
  readonly #told = new Map<SessionKey, number>();
  readonly #missed = new Map<SessionKey, Missed>();
  #cancel: (() => void) | undefined;

  constructor(parts: BacklogParts) {
    this.#parts = parts;
  }

  latenessOf(event: PlatformEvent): Lateness {
    return latenessOf(event, this.#absenceOf(event.chat.ref.platform), this.#parts.policy);
  }

  /** What people are to know before their turn is answered; undefined where there is nothing to say. */
  wordsFor({ sessionKey, event, joined }: ClaimedTurn): string | undefined {
    const absence = this.#absenceOf(event.chat.ref.platform);
    const late = [event, ...joined.map((each) => each.event)].filter((each) => this.latenessOf(each) !== "fresh");
    if (absence === undefined || late.length === 0 || this.#told.get(sessionKey) === absence.untilMs) return undefined;
    if (this.#told.size >= maxRemembered) this.#told.clear();
    this.#told.set(sessionKey, absence.untilMs);
    return this.#parts.catalogue.backlog.wasAway(absence.untilMs - absence.fromMs, late.length);
  }

  /** It is not answered; its sender is told soon, together with others. */
  miss({ chat, origin }: PlatformEvent, sessionKey: SessionKey): void {
    const absence = this.#absenceOf(chat.ref.platform);
    if (absence === undefined || this.#missed.size >= maxRemembered) return;
    const missed = this.#missed.get(sessionKey) ?? { chat, origin, absence, count: 0 };
    missed.count += 1;
    this.#missed.set(sessionKey, missed);
    const { clock } = this.#parts;
    this.#cancel ??= clock.wakeAt(clock.now() + gatherMs, () => this.#tellMissed());
  }

  /** Says nothing any more. */
  close(): void {
    this.#cancel?.();
    this.#missed.clear();
  }

  #absenceOf(platform: string): Absence | undefined {
    const { presence } = this.#parts;
    const [fromMs, untilMs] = [presence.lastSeenMs(platform), presence.connectedSinceMs(platform)];
    return fromMs === undefined || untilMs === undefined ? undefined : { fromMs, untilMs };
  }

  #tellMissed(): void {
    this.#cancel = undefined;
    const { outbox, store, catalogue, ids, clock, logger } = this.#parts;
    for (const [sessionKey, { chat, origin, absence, count }] of this.#missed) {
      const target = { replyId: ids.turn(), sessionKey, chat, origin };
      const text = catalogue.backlog.tooOld(absence.untilMs - absence.fromMs, count);
      // Not awaited: one chat that takes nothing must not keep the others from being told.
      void outbox
        .say(target, text, (parts) => store.postNotice({ ...target, parts, nowMs: clock.now() }))
        .catch((error: unknown) =>
          logger.warn(`A notice could not be given: ${error instanceof Error ? error.message : String(error)}`),
        );
    }
    this.#missed.clear();
  }
}
