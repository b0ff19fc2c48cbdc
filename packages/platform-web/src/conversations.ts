import { randomBytes } from "node:crypto";
import type { Clock } from "@hermes/core";
import { RpcError, type RunningAnswer, type SessionSubscribed, type SessionSubscription } from "@hermes/protocol";
import { encodeEvent, type EventBody } from "./encode.ts";
import { EventRing } from "./event-ring.ts";
import type { WebLimits } from "./options.ts";
import { Tap, type Listener } from "./tap.ts";

const idleMs = 10 * 60_000;
const sweepEveryMs = 60_000;

export interface ConversationsParts {
  readonly clock: Clock;
  readonly limits: WebLimits;
  /** Answers on their way in a conversation. */
  readonly running: (sessionKey: string) => readonly RunningAnswer[];
}

interface Ears {
  /** Whole conversations, by their keys. */
  readonly whole: Map<string, Tap>;
  /** Single messages, in conversations that are not heard as a whole. */
  readonly single: Set<Tap>;
}

/** What happens in conversations, numbered, and told to whoever listens; the newest of it is kept for those who come back. */
export class Conversations {
  /** Names this process: numbers of another one mean nothing. */
  readonly stream = randomBytes(12).toString("base64url");
  readonly #parts: ConversationsParts;
  /** The one used longest ago first. */
  readonly #rings = new Map<string, EventRing>();
  readonly #ears = new Map<Listener, Ears>();
  /** No number that was ever given is above it, but in rings: nobody takes a new ring for the one they knew. */
  #floor = 0;
  #bytes = 0;
  #cancelSweep: (() => void) | undefined;

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
  }

  /** Tells an event. What only says that something changed is not kept for a conversation that nobody hears of. */
  publish(sessionKey: string, event: EventBody): void {
    const known = this.#rings.get(sessionKey);
    if (known === undefined && event.type === "session.changed") {
      this.#floor += 1;
      return;
    }
    const ring = known ?? this.#ring(sessionKey);
    const frame = encodeEvent(event, sessionKey, ring.seq + 1);
    const before = ring.bytes;
    ring.add(frame, this.#parts.limits);
    this.#bytes += ring.bytes - before;
    this.#touch(ring);
    const messageId = "message_id" in event ? event.message_id : undefined;
    for (const tap of ring.taps) if (tap.messageId === undefined || tap.messageId === messageId) tap.hear(frame);
    if (event.type === "chat.done") this.#endSingle(ring, event.message_id);
    if (this.#bytes > this.#parts.limits.keptBytesInAll) this.#makeRoom();
  }

  /** An event for one listener alone, who missed it: it has the number of the newest one. */
  repeat(listener: Listener, sessionKey: string, event: EventBody): void {
    listener.send(encodeEvent(event, sessionKey, this.#rings.get(sessionKey)?.seq ?? this.#floor));
  }

  /**
   * Begins to tell `listener` of a conversation. The tap is held: nothing of what follows goes out before `release`.
   *
   * @throws RpcError `conflict` for too many of them.
   */
  subscribe(
    listener: Listener,
    { session_key, stream, since }: SessionSubscription,
  ): { readonly answer: SessionSubscribed; readonly tap: Tap } {
    const { whole, single } = this.#earsOf(listener);
    const { maxSubscriptions } = this.#parts.limits;
    if (!whole.has(session_key) && whole.size >= maxSubscriptions) {
      throw new RpcError(
        "conflict",
        `A connection follows at most ${maxSubscriptions} conversations; unsubscribe from one first`,
      );
    }
    const ring = this.#rings.get(session_key) ?? this.#ring(session_key);
    for (const tap of [...single, whole.get(session_key)]) if (tap?.sessionKey === session_key) this.#remove(tap);
    const tap = new Tap(listener, session_key, undefined);
    tap.hold();
    whole.set(session_key, tap);
    ring.taps.add(tap);
    const missed = stream === this.stream && since !== undefined ? ring.after(since) : undefined;
    for (const frame of missed ?? []) tap.hear(frame);
    const resumed = missed !== undefined;
    const running = resumed ? [] : this.#parts.running(session_key);
    return { answer: { session_key, stream: this.stream, seq: ring.seq, resumed, running }, tap };
  }

  /** Whether there was something to end. */
  unsubscribe(listener: Listener, sessionKey: string): boolean {
    const ears = this.#ears.get(listener);
    const taps = [...(ears?.single ?? []), ears?.whole.get(sessionKey)].filter((tap) => tap?.sessionKey === sessionKey);
    for (const tap of taps) if (tap !== undefined) this.#remove(tap);
    return taps.length > 0;
  }

  /** Lets `listener` hear of one message until its answer is over, if it does not hear the whole conversation anyway. */
  follow(listener: Listener, sessionKey: string, messageId: string): { readonly tap: Tap; readonly isNew: boolean } {
    const { whole, single } = this.#earsOf(listener);
    const subscribed = whole.get(sessionKey);
    if (subscribed !== undefined) return { tap: subscribed, isNew: false };
    for (const tap of single) if (tap.messageId === messageId) return { tap, isNew: false };
    const tap = new Tap(listener, sessionKey, messageId);
    single.add(tap);
    (this.#rings.get(sessionKey) ?? this.#ring(sessionKey)).taps.add(tap);
    return { tap, isNew: true };
  }

  /** Ends what `follow` began. */
  unfollow(tap: Tap): void {
    this.#remove(tap);
  }

  /** The listener has gone. */
  leave(listener: Listener): void {
    const ears = this.#ears.get(listener);
    if (ears === undefined) return;
    for (const tap of [...ears.whole.values(), ...ears.single]) this.#remove(tap);
    this.#ears.delete(listener);
  }

  close(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
    this.#rings.clear();
    this.#bytes = 0;
  }

  /** What is kept now: for tests of what is bounded. */
  get kept(): { readonly conversations: number; readonly bytes: number } {
    return { conversations: this.#rings.size, bytes: this.#bytes };
  }

  #earsOf(listener: Listener): Ears {
    const known = this.#ears.get(listener);
    if (known !== undefined) return known;
    if (listener.isGone) throw new RpcError("unavailable", "The connection has gone");
    const ears: Ears = { whole: new Map(), single: new Set() };
    this.#ears.set(listener, ears);
    return ears;
  }

  #remove(tap: Tap): void {
    tap.forget();
    const ears = this.#ears.get(tap.listener);
    ears?.single.delete(tap);
    if (ears?.whole.get(tap.sessionKey) === tap) ears.whole.delete(tap.sessionKey);
    const ring = this.#rings.get(tap.sessionKey);
    if (ring?.taps.delete(tap) === true) this.#touch(ring);
  }

  /** What they were told of the answer still goes out; nothing more is to come. */
  #endSingle(ring: EventRing, messageId: string): void {
    for (const tap of ring.taps) {
      if (tap.messageId !== messageId) continue;
      ring.taps.delete(tap);
      this.#ears.get(tap.listener)?.single.delete(tap);
    }
  }

  #ring(sessionKey: string): EventRing {
    const ring = new EventRing(sessionKey, this.#floor, this.#parts.clock.now());
    this.#rings.set(sessionKey, ring);
    this.#bytes += ring.bytes;
    this.#cancelSweep ??= this.#parts.clock.wakeAt(this.#parts.clock.now() + sweepEveryMs, () => this.#sweep());
    return ring;
  }

  #touch(ring: EventRing): void {
    ring.usedAtMs = this.#parts.clock.now();
    this.#rings.delete(ring.sessionKey);
    this.#rings.set(ring.sessionKey, ring);
  }

  #drop(ring: EventRing): void {
    this.#rings.delete(ring.sessionKey);
    this.#bytes -= ring.bytes;
    this.#floor = Math.max(this.#floor, ring.seq);
  }

  /** More than is needed at once: going through those that cannot be dropped must not happen with each event. */
  #makeRoom(): void {
    const enough = this.#parts.limits.keptBytesInAll * 0.75;
    for (const ring of this.#rings.values()) {
      if (this.#bytes <= enough) return;
      if (ring.taps.size === 0) this.#drop(ring);
      else {
        const before = ring.bytes;
        ring.clear();
        this.#bytes += ring.bytes - before;
      }
    }
  }

  #sweep(): void {
    const { clock } = this.#parts;
    for (const ring of this.#rings.values()) {
      if (ring.usedAtMs + idleMs > clock.now()) break;
      if (ring.taps.size === 0) this.#drop(ring);
    }
    this.#cancelSweep = this.#rings.size === 0 ? undefined : clock.wakeAt(clock.now() + sweepEveryMs, () => this.#sweep());
  }
}
