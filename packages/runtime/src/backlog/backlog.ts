import type { Chat, Clock, Origin, PlatformEvent, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Notices } from "../outbox/notices.ts";
import type { ClaimedTurn } from "../store.ts";
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
  readonly notices: Notices;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
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
    const { notices, catalogue } = this.#parts;
    for (const [sessionKey, { chat, origin, absence, count }] of this.#missed)
      notices.give({ sessionKey, chat, origin }, catalogue.backlog.tooOld(absence.untilMs - absence.fromMs, count));
    this.#missed.clear();
  }
}
