import type { Frame } from "./encode.ts";
import type { Tap } from "./tap.ts";

/** What an event, and a conversation without any, cost besides their text. */
const frameOverheadBytes = 64;
const ringOverheadBytes = 512;

/** The newest events of one conversation, and who hears them. */
export class EventRing {
  readonly sessionKey: string;
  readonly taps = new Set<Tap>();
  /** Of the newest event. */
  seq: number;
  /** Bytes of memory, about. */
  bytes: number;
  usedAtMs: number;
  #frames: Frame[] = [];

  constructor(sessionKey: string, seq: number, nowMs: number) {
    this.sessionKey = sessionKey;
    this.seq = seq;
    this.bytes = ringOverheadBytes + 2 * sessionKey.length;
    this.usedAtMs = nowMs;
  }

  add(frame: Frame, { keptEvents, keptBytes }: { readonly keptEvents: number; readonly keptBytes: number }): void {
    this.seq += 1;
    this.#frames.push(frame);
    this.bytes += frame.bytes + frameOverheadBytes;
    while (this.#frames.length > keptEvents || (this.bytes > keptBytes && this.#frames.length > 0)) {
      this.bytes -= (this.#frames.shift()?.bytes ?? 0) + frameOverheadBytes;
    }
  }

  /** What came after the event `since`; undefined where some of it is gone, or it is yet to come. */
  after(since: number): readonly Frame[] | undefined {
    const missed = this.seq - since;
    if (missed < 0 || missed > this.#frames.length) return undefined;
    return missed === 0 ? [] : this.#frames.slice(-missed);
  }

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  clear(): void {
    for (const frame of this.#frames) this.bytes -= frame.bytes + frameOverheadBytes;
    this.#frames = [];
  }
}
