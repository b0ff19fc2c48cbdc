import type { TransportFacts } from "./supervision/connection-watch.ts";
import type { BreakerFacts, ReplacedConnections, TurnedAway } from "./supervision/facts.ts";

/** One platform as it is now. */
export type PlatformState =
  | { readonly state: "stopped" }
  | { readonly state: "connecting"; readonly attempt: number }
  | { readonly state: "up"; readonly transport: "up" | "resuming" | "degraded"; readonly detail?: string }
  | { readonly state: "waiting"; readonly reason: string; readonly retryAtMs: number }
  /** Somebody else holds its claim. */
  | { readonly state: "blocked"; readonly heldBy: string; readonly retryAtMs: number }
  /** Somebody disconnected it by hand. */
  | { readonly state: "paused" }
  /** It failed so often in a row that it is left alone until `probeAtMs`; without that, until somebody resumes it. */
  | { readonly state: "tripped"; readonly reason: string; readonly failures: number; readonly probeAtMs?: number }
  /** Only a person can mend it. */
  | { readonly state: "failed"; readonly reason: string };

/** What came in by a platform since the gateway started. */
export interface AdmissionFacts {
  readonly taken: number;
  readonly refused: number;
  readonly takenAtMs?: number;
  readonly refusedAtMs?: number;
}

/** What went out by a platform since the gateway started. */
export interface DeliveryFacts {
  readonly sent: number;
  readonly failed: number;
  readonly sentAtMs?: number;
  readonly failedAtMs?: number;
  /** Kind of the last failure. */
  readonly failure?: string;
}

/** What is known of one platform, and since when. */
export interface PlatformStatus {
  readonly id: string;
  readonly kind: string;
  readonly sinceMs: number;
  readonly condition: PlatformState;
  /** The bot's own identity once connected. */
  readonly identity?: { readonly id: string; readonly name: string };
  /** A door of the gateway itself: it is never paused, and lives as long as the gateway does. */
  readonly isDoor?: boolean;
  /** What the connection says of itself, while there is one. */
  readonly transport?: TransportFacts;
  /** Why the connection may no longer be alive. */
  readonly doubt?: string;
  /** Absent where nothing failed. */
  readonly breaker?: BreakerFacts;
  /** Since the gateway started. */
  readonly replaced?: ReplacedConnections;
  /** Since it was last paused. */
  readonly turnedAway?: TurnedAway;
  readonly admission: AdmissionFacts;
  readonly delivery: DeliveryFacts;
}

/** What is known of the gateway now. */
export interface GatewayStatus {
  /** `draining`: no new turn begins; what comes in is kept for the next process. */
  readonly phase: "stopped" | "starting" | "running" | "draining" | "stopping";
  readonly platforms: readonly PlatformStatus[];
  readonly runningTurns: number;
  readonly busyLanes: number;
  readonly undecodable: number;
  /** false: the store refused the last thing that was asked of it. */
  readonly storeWritable: boolean;
  /** Why it did, in a few words. */
  readonly storeRefusal?: string;
  /** Why nothing new is taken, in a few words, beside what the store refuses. */
  readonly pressure?: string;
}
