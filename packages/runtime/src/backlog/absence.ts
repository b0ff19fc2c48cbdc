import type { PlatformEvent } from "@hermes/core";
import type { BacklogPolicy } from "./backlog-policy.ts";

/** When a platform was away the last time. */
export interface Absence {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How a message stands to the last absence: after it (or none is worth a word), from within it, or from too long ago. */
export type Lateness = "fresh" | "late" | "too-old";

/** Finds out how a message stands to an absence. Whoever asks by a request waits for it now. Pure. */
export function latenessOf(
  { origin, at }: Pick<PlatformEvent, "origin" | "at">,
  absence: Absence | undefined,
  { tellAfterMs, maxAgeMs }: Required<BacklogPolicy>,
): Lateness {
  if (absence === undefined || origin.lifetime === "request") return "fresh";
  const { fromMs, untilMs } = absence;
  const atMs = Date.parse(at);
  // What no clock says when is taken as said now.
  if (untilMs - fromMs < tellAfterMs || Number.isNaN(atMs) || atMs > untilMs) return "fresh";
  return untilMs - atMs > maxAgeMs ? "too-old" : "late";
}
