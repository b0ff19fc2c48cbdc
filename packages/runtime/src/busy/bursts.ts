import type { BurstWindows, MessageEvent, SessionKey } from "@hermes/core";
import type { BusyMode } from "./busy-mode.ts";

/** However quickly somebody goes on writing, their first words wait no longer. */
const maxBurstMs = 10_000;
const maxMessages = 32;
const maxLength = 200_000;
const maxRemembered = 5000;

/** A message about to be stored, as far as it matters for what belongs together. */
export interface Arriving {
  readonly sessionKey: SessionKey;
  readonly event: MessageEvent;
  readonly mode: BusyMode;
  /** Messages that wait in its lane already. */
  readonly waiting: number;
  readonly nowMs: number;
  readonly windows: BurstWindows | undefined;
}

/** Whether it belongs to the turn of what waits before it, and until when its turn waits for more. */
export interface BurstDecision {
  readonly joins: boolean;
  /** Absent: what its lane waits for already stays as it is. */
  readonly holdUntilMs?: number;
}

/** The newest messages of one person that wait in a lane and belong together. */
interface Burst {
  readonly authorId: string;
  readonly threadId: string | undefined;
  readonly startedAtMs: number;
  readonly holdUntilMs: number;
  readonly messages: number;
  readonly length: number;
  readonly albumId: string | undefined;
  /** Nothing of other people, or of other turns, waits before it. */
  readonly isFirst: boolean;
}

/**
 * Finds out what belongs together: albums, pictures one after the other, long pastes that a client cut, quick lines, and what comes
 * while an interrupted answer ends. It remembers the newest burst of each of the lanes that were written in last.
 */
export class Bursts {
  readonly #newest = new Map<SessionKey, Burst>();

  /** Decides about a message before it is stored. */
  arrive(arriving: Arriving): BurstDecision {
    const { sessionKey, event, waiting } = arriving;
    const { origin, request } = event;
    if (origin.lifetime === "request" || request !== undefined) {
      this.#newest.delete(sessionKey);
      return { joins: false };
    }
    const before = waiting > 0 ? this.#newest.get(sessionKey) : undefined;
    const joins = before !== undefined && belongs(arriving, before);
    const burst = joins ? grown(before, arriving) : begun(arriving);
    this.#newest.delete(sessionKey);
    this.#newest.set(sessionKey, burst);
    if (this.#newest.size > maxRemembered) this.#newest.delete(this.#newest.keys().next().value ?? sessionKey);
    return { joins, ...(burst.isFirst ? { holdUntilMs: burst.holdUntilMs } : {}) };
  }

  /** What comes next begins anew. */
  forget(sessionKey: SessionKey): void {
    this.#newest.delete(sessionKey);
  }
}

function belongs({ event, mode, nowMs }: Arriving, before: Burst): boolean {
  if (before.authorId !== event.origin.author.id || before.threadId !== event.chat.ref.threadId) return false;
  if (before.messages >= maxMessages || before.length + event.text.length > maxLength) return false;
  const isSameAlbum = event.albumId !== undefined && event.albumId === before.albumId;
  // Whoever would interrupt an answer means all that they have said since.
  return isSameAlbum || nowMs < before.holdUntilMs || mode === "interrupt";
}

function begun({ event, waiting, nowMs, windows }: Arriving): Burst {
  return {
    authorId: event.origin.author.id,
    threadId: event.chat.ref.threadId,
    startedAtMs: nowMs,
    holdUntilMs: nowMs + windowMs(event, windows),
    messages: 1,
    length: event.text.length,
    albumId: event.albumId,
    isFirst: waiting === 0,
  };
}

function grown(before: Burst, { event, nowMs, windows }: Arriving): Burst {
  return {
    ...before,
    holdUntilMs: Math.min(nowMs + windowMs(event, windows), before.startedAtMs + maxBurstMs),
    messages: before.messages + 1,
    length: before.length + event.text.length,
    albumId: event.albumId,
  };
}

function windowMs(event: MessageEvent, windows: BurstWindows | undefined): number {
  if (windows === undefined) return 0;
  return event.text.length >= windows.splitLength ? windows.splitWindowMs : windows.windowMs;
}
