import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { anyText, choice, flag, integer, listOf, moment } from "./shape.ts";

/** One platform as it is now: what is known of its connection, of what came in and of what went out, each with its age. */
export interface PlatformStatus {
  readonly id: string;
  readonly kind: string;
  readonly state: "stopped" | "connecting" | "up" | "waiting" | "blocked" | "failed" | "paused";
  readonly sinceMs: number;
  readonly reason?: string;
  readonly name?: string;
  readonly retryAtMs?: number;
  /** A door of the gateway itself: it cannot be paused. */
  readonly isDoor?: boolean;
  readonly admission: PlatformAdmission;
  readonly delivery: PlatformDelivery;
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
  state: needed(choice(["stopped", "connecting", "up", "waiting", "blocked", "failed", "paused"]), "whether it is connected"),
  sinceMs: needed(moment, "since when"),
  reason: optional(anyText, "why it is not up"),
  name: optional(anyText, "the bot's own name there, once connected"),
  retryAtMs: optional(moment, "when it is tried again"),
  isDoor: optional(flag, "a door of the gateway itself, which cannot be paused"),
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
