import type { StatusMarks } from "../turn/status-marks.ts";
import type { Clock, Logger, Platform, ProgressDisplay, UnknownSends } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Activity } from "../activity.ts";
import type { PlatformFacts } from "../platform-facts.ts";
import type { FileShelf } from "../media/file-shelf.ts";
import type { AnswerListener } from "./answer-listener.ts";
import type { Connections } from "../connections.ts";
import type { Store } from "../store.ts";
import type { InOrder } from "./in-order.ts";
import type { Pace } from "./pace.ts";
import type { Parking } from "./parking.ts";
import type { Penalties } from "./penalties.ts";

/** What the outbox works with; durations in milliseconds. */
export interface OutboxParts {
  readonly store: Store;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly connections: Connections;
  readonly answers: AnswerListener;
  readonly marks: StatusMarks;
  readonly facts: PlatformFacts;
  readonly activity: Activity;
  readonly files: FileShelf;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  readonly firstShowMs: number;
  readonly deliveryMaxMs: number;
  readonly callTimeoutMs: number;
  readonly unknownSends: UnknownSends;
  /** What is shown of agents' work, by platform; absent: nothing. */
  readonly progress: Readonly<Record<string, ProgressDisplay>>;
}

/** What a reply knows of the outbox that keeps it. */
export interface ReplyKeeper {
  readonly parts: OutboxParts;
  /** Calls, by chat. */
  readonly order: InOrder;
  readonly penalties: Penalties;
  readonly pace: Pace;
  readonly parking: Parking;
  /** Aborted when the outbox gives up what is in flight. */
  readonly signal: AbortSignal;
  /** No call is begun any more. */
  readonly isClosing: boolean;
  /** Nothing is written any more. */
  readonly isClosed: boolean;
  /** Runs a call that must not be cut short by a clean stop. */
  track<T>(call: Promise<T>): Promise<T>;
}
