import type { Chat, MessageRef, Origin, PlatformEvent, SessionKey } from "@hermes/core";
import type { Verdict } from "../store.ts";

/**
 * What came in, what became of it and what was said, for people who look after the gateway: lists, one delivery, one event, the
 * whole way of one message, and what can be done about it by hand.
 */
export interface Ledger {
  /** Newest first. */
  listDeliveries(query: DeliveryQuery): Promise<Page<Delivery>>;
  delivery(replyId: string): Promise<DeliveryDetails | undefined>;
  /** Shows again what failed or may not have arrived (with the mark), and tries what waits at once. */
  retryDelivery(replyId: string): Promise<LedgerOutcome>;
  /** Gives up what is not shown yet. */
  dropDelivery(replyId: string): Promise<LedgerOutcome>;
  /** Newest first. */
  listEvents(query: EventQuery): Promise<Page<LedgerEvent>>;
  event(seq: number): Promise<EventDetails | undefined>;
  /**
   * Lets an event come in once more, as if it were new: it is admitted by the rules of now. With the same `occasion` only once, however
   * often that is asked for. Default: this moment. What the same person said in `beside`, as far as it is kept, comes in as one message
   * with it.
   */
  replayEvent(seq: number, occasion?: string, beside?: readonly number[]): Promise<LedgerOutcome>;
  /** The way of one message, by any id it has: of the event, of the message on its platform, of the reply, or the event's number. */
  timeline(id: string): Promise<Timeline | undefined>;
}

/**
 * Where a delivery stands.
 *
 * - `running`: its turn still runs; what is shown so far may be a beginning.
 * - `queued`: parts wait to be shown.
 * - `sending`: a call is in flight.
 * - `parked`: its chat cannot be reached and is tried again later.
 * - `sent`: all of it is shown.
 * - `unknown`: a part of it may or may not stand there.
 * - `failed`: a part of it was refused or given up.
 * - `empty`: there was nothing to say.
 */
export type DeliveryState = "running" | "queued" | "sending" | "parked" | "sent" | "unknown" | "failed" | "empty";

/** One answer or notice on its way to a chat. */
export interface Delivery {
  readonly replyId: string;
  readonly kind: "turn" | "notice";
  readonly state: DeliveryState;
  readonly sessionKey: SessionKey;
  readonly chat: Chat;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly parts: number;
  readonly partsSent: number;
  /** Calls that failed since the last one that did not. */
  readonly attempts: number;
  /** Why the last call failed: the kind of a `Failure`, or `dropped`. */
  readonly failure?: string;
  /** The event it answers. */
  readonly seq?: number;
}

/** A delivery with its parts. */
export interface DeliveryDetails extends Delivery {
  readonly origin?: Origin;
  /** How the turn ended, where it was one. */
  readonly outcome?: "finished" | "interrupted" | "failed";
  readonly details: readonly DeliveryPart[];
}

/** One message of a delivery. */
export interface DeliveryPart {
  readonly index: number;
  readonly kind: "text" | "notice" | "undelivered" | "progress";
  readonly state: "queued" | "sending" | "sent" | "unknown" | "failed";
  readonly attempts: number;
  readonly failure?: string;
  readonly refs: readonly MessageRef[];
  readonly shownAtMs?: number;
  /** It may stand there twice, and says so. */
  readonly marked: boolean;
  readonly text: string;
}

/** Where an event stands. `recorded`: noted only. `taken`: a turn or a command took it. `dropped`: taken out of the queue. */
export type EventState = "recorded" | "waiting" | "taken" | "dropped" | "answer";

/** One event as it was taken in. */
export interface LedgerEvent {
  readonly seq: number;
  readonly platform: string;
  readonly eventId: string;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly state: EventState;
  readonly atMs: number;
  readonly sessionKey?: SessionKey;
  readonly work?: "turn" | "command" | "answer";
}

/** An event with what is kept of it: nothing of one that was refused, nor once its time is over. */
export interface EventDetails extends LedgerEvent {
  readonly event?: PlatformEvent;
}

/** The way of one message: what came in, and each delivery that came of it, oldest first. */
export interface Timeline {
  readonly event?: EventDetails;
  readonly deliveries: readonly DeliveryDetails[];
}

/** Which deliveries. */
export interface DeliveryQuery {
  /** Default: all. `pending`: queued, sending or parked; `troubled`: unknown or failed. */
  readonly state?: "pending" | "troubled";
  readonly platform?: string;
  readonly limit: number;
  /** Go on behind this one: the last page's `next`. */
  readonly after?: string;
}

/** Which events. */
export interface EventQuery {
  readonly verdict?: Verdict;
  readonly state?: EventState;
  readonly platform?: string;
  readonly limit: number;
  /** Go on behind this one: the last page's `next`. */
  readonly after?: string;
}

/** A page of a list; without `next` it is the last. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next?: string;
}

/** What came of something done by hand. */
export type LedgerOutcome =
  /** `what` says it in one sentence. */
  { readonly kind: "done"; readonly what: string } | { readonly kind: "refused"; readonly why: string };
