import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { anyText, choice, listOf, moment } from "./shape.ts";

/** One platform as it is now. */
export interface PlatformStatus {
  readonly id: string;
  readonly kind: string;
  readonly state: "stopped" | "connecting" | "up" | "waiting" | "blocked" | "failed";
  readonly sinceMs: number;
  readonly reason?: string;
  readonly name?: string;
}

/** Every platform that is configured and can be used. */
export interface PlatformList {
  readonly rows: readonly PlatformStatus[];
}

const platformStatus: ObjectShape<PlatformStatus> = object<PlatformStatus>("PlatformStatus", {
  id: needed(anyText, "its name in the configuration"),
  kind: needed(anyText, "what it is"),
  state: needed(choice(["stopped", "connecting", "up", "waiting", "blocked", "failed"]), "whether it is connected"),
  sinceMs: needed(moment, "since when"),
  reason: optional(anyText, "why it is not up"),
  name: optional(anyText, "the bot's own name there, once connected"),
});

export const platformList: ObjectShape<PlatformList> = object<PlatformList>("PlatformList", {
  rows: needed(listOf(platformStatus), "in the order of the configuration"),
});
