import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { anyText, choice, flag, integer, listOf, moment } from "./shape.ts";

/** One platform as it is now: what is known of its connection, of what came in and of what went out, each with its age. */
export interface PlatformStatus {
  readonly id: string;
  readonly kind: string;
  readonly state: "stopped" | "connecting" | "up" | "waiting" | "blocked" | "tripped" | "failed" | "paused";
  readonly sinceMs: number;
  readonly reason?: string;
  readonly name?: string;
  readonly retryAtMs?: number;
  /** A door of the gateway itself: it cannot be paused. */
  readonly isDoor?: boolean;
  readonly transport?: PlatformTransport;
  readonly doubt?: string;
  readonly breaker?: PlatformBreaker;
  readonly replaced?: number;
  readonly replacedAtMs?: number;
  readonly turnedAway?: number;
  readonly turnedAwayAtMs?: number;
  readonly admission: PlatformAdmission;
  readonly delivery: PlatformDelivery;
}

/** What the connection says of itself. */
export interface PlatformTransport {
  readonly state: "up" | "resuming" | "degraded";
  readonly sinceMs: number;
  readonly heardAtMs: number;
}

/** What keeps a platform that fails from being tried again and again. */
export interface PlatformBreaker {
  readonly phase: "closed" | "open" | "probing";
  readonly failures: number;
  readonly openedAtMs?: number;
  readonly probeAtMs?: number;
}

/** What came in since the gateway started. */
export interface PlatformAdmission {
  readonly taken: number;
  readonly refused: number;
  readonly takenAtMs?: number;
  readonly refusedAtMs?: number;
}

/** What went out since the gateway started. */
export interface PlatformDelivery {
  readonly sent: number;
  readonly failed: number;
  readonly sentAtMs?: number;
  readonly failedAtMs?: number;
  readonly failure?: string;
}

/** Every platform that is configured and can be used. */
export interface PlatformList {
  readonly rows: readonly PlatformStatus[];
}

export const platformStatus: ObjectShape<PlatformStatus> = object<PlatformStatus>("PlatformStatus", {
  id: needed(anyText, "its name in the configuration"),
  kind: needed(anyText, "what it is"),
  state: needed(
    choice(["stopped", "connecting", "up", "waiting", "blocked", "tripped", "failed", "paused"]),
    "whether it is connected; `tripped`: it failed too often and is left alone for a while",
  ),
  sinceMs: needed(moment, "since when"),
  reason: optional(anyText, "why it is not up"),
  name: optional(anyText, "the bot's own name there, once connected"),
  retryAtMs: optional(moment, "when it is tried again"),
  isDoor: optional(flag, "a door of the gateway itself, which cannot be paused"),
  transport: optional(
    object<PlatformTransport>("PlatformTransport", {
      state: needed(choice(["up", "resuming", "degraded"]), "how it is"),
      sinceMs: needed(moment, "since when"),
      heardAtMs: needed(moment, "when it last said so"),
    }),
    "what its connection says of itself, while there is one",
  ),
  doubt: optional(anyText, "why its connection may no longer be alive"),
  breaker: optional(
    object<PlatformBreaker>("PlatformBreaker", {
      phase: needed(
        choice(["closed", "open", "probing"]),
        "`closed`: it is tried again and again; `open`: it is left alone; `probing`: it is tried once, and has to last",
      ),
      failures: needed(integer(0), "failures in a row"),
      openedAtMs: optional(moment, "since when it is not tried again and again"),
      probeAtMs: optional(moment, "when it is tried once; left out: when somebody resumes it"),
    }),
    "left out where nothing failed",
  ),
  replaced: optional(integer(0), "connections that were replaced since they were dead, since the gateway started"),
  replacedAtMs: optional(moment, "when one last was"),
  turnedAway: optional(integer(0), "requests that were not taken since it was paused"),
  turnedAwayAtMs: optional(moment, "when one last was not"),
  admission: needed(
    object<PlatformAdmission>("PlatformAdmission", {
      taken: needed(integer(0), "messages that were let in"),
      refused: needed(integer(0), "messages that were not"),
      takenAtMs: optional(moment, "when one was last let in"),
      refusedAtMs: optional(moment, "when one was last refused"),
    }),
    "what came in since the gateway started",
  ),
  delivery: needed(
    object<PlatformDelivery>("PlatformDelivery", {
      sent: needed(integer(0), "calls that worked"),
      failed: needed(integer(0), "calls that failed"),
      sentAtMs: optional(moment, "when one last worked"),
      failedAtMs: optional(moment, "when one last failed"),
      failure: optional(anyText, "why it did"),
    }),
    "what went out since the gateway started",
  ),
});

export const platformList: ObjectShape<PlatformList> = object<PlatformList>("PlatformList", {
  rows: needed(listOf(platformStatus), "in the order of the configuration"),
});
