import type { PlatformEvent, SessionKey } from "@hermes/core";
import type { EventDetails, EventQuery, EventState, LedgerEvent, Page } from "../ledger/ledger.ts";
import type { EventBatch, EventIntake } from "../store.ts";
import { trim } from "./tables.ts";

/** Of so many events more than the facts is kept, for whoever asks what became of them. */
const maxBodies = 1000;

type Noted = LedgerEvent & { readonly replyId?: string };

/** What came in: recognises repetitions, and tells what became of an event. */
export class EventBook {
  readonly #byIdentity = new Map<string, Noted>();
  readonly #bySeq = new Map<number, Noted>();
  readonly #bodies = new Map<number, PlatformEvent>();
  readonly #maxEvents: number;

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  has(platform: string, eventId: string): boolean {
    return this.#byIdentity.has(identity(platform, eventId));
  }

  add(
    { platform, nowMs }: Pick<EventBatch, "platform" | "nowMs">,
    { event, verdict, rule, work }: EventIntake,
    seq: number,
  ): void {
    const waits = work.kind !== "none" && work.kind !== "change";
    this.#put({
      seq,
      platform,
      eventId: event.eventId,
      verdict,
      rule,
      state: work.kind === "answer" ? "answer" : waits ? "waiting" : "recorded",
      atMs: nowMs,
      ...(waits ? { sessionKey: work.sessionKey, work: work.kind } : {}),
      ...(work.kind === "answer" ? { replyId: work.turnId } : {}),
    });
    if (waits) this.#bodies.set(seq, event);
    trim(this.#bodies, maxBodies);
    for (const [id, { seq: old }] of this.#byIdentity) {
      if (this.#byIdentity.size <= this.#maxEvents) break;
      this.#byIdentity.delete(id);
      this.#bySeq.delete(old);
    }
  }

  enter(seq: number, state: EventState, replyId?: string): void {
    const noted = this.#bySeq.get(seq);
    if (noted !== undefined) this.#put({ ...noted, state, ...(replyId === undefined ? {} : { replyId }) });
  }

  event(seq: number): EventDetails | undefined {
    const noted = this.#bySeq.get(seq);
    if (noted === undefined) return undefined;
    const { replyId: _replyId, ...facts } = noted;
    const event = this.#bodies.get(seq);
    return { ...facts, ...(event === undefined ? {} : { event }) };
  }

  /** What a stateless caller brought along. */
  forgetRequest(seq: number | undefined): void {
    const event = this.bodyOf(seq);
    if (seq === undefined || event?.type !== "message") return;
    const { request: _request, ...rest } = event;
    this.#bodies.set(seq, rest);
  }

  bodyOf(seq: number | undefined): PlatformEvent | undefined {
    return seq === undefined ? undefined : this.#bodies.get(seq);
  }

  /** Of what was let in under a key only the facts stay. */
  forgetBodies(sessionKey: SessionKey): void {
    for (const { seq, sessionKey: key } of this.#bySeq.values()) if (key === sessionKey) this.#bodies.delete(seq);
  }

  /** What was said in it is something else now. */
  rewrite(seq: number, text: string): void {
    const event = this.bodyOf(seq);
    if (event?.type === "message") this.#bodies.set(seq, { ...event, text });
  }

  replyOf(seq: number): string | undefined {
    return this.#bySeq.get(seq)?.replyId;
  }

  list({ verdict, state, platform, limit, after }: EventQuery): Page<LedgerEvent> {
    const before = after === undefined ? Number.POSITIVE_INFINITY : Number(after);
    const rows = [...this.#bySeq.values()]
      .sort((a, b) => b.seq - a.seq)
      .filter((row) => row.seq < before && (verdict ?? row.verdict) === row.verdict)
      .filter((row) => (state ?? row.state) === row.state && (platform ?? row.platform) === row.platform)
      .map(({ replyId: _replyId, ...facts }) => facts);
    const last = rows[limit - 1];
    return { rows: rows.slice(0, limit), ...(rows.length > limit && last !== undefined ? { next: `${last.seq}` } : {}) };
  }

  /** The newest event that an id means. */
  find(id: string): number | undefined {
    const [message, chat] = id.split("/").toReversed();
    const isMeant = ({ seq, eventId }: Noted): boolean => {
      const event = this.#bodies.get(seq);
      const isMessage = event?.type === "message" && event.messageId === message;
      return eventId === id || (isMessage && (chat === undefined || event.chat.ref.chatId === chat));
    };
    const seq = /^\d+$/u.test(id) ? this.#bySeq.get(Number(id))?.seq : undefined;
    return seq ?? [...this.#bySeq.values()].findLast(isMeant)?.seq;
  }

  #put(noted: Noted): void {
    this.#byIdentity.set(identity(noted.platform, noted.eventId), noted);
    this.#bySeq.set(noted.seq, noted);
  }
}

function identity(platform: string, eventId: string): string {
  return `${platform}\n${eventId}`;
}
