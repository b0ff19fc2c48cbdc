import type { Json } from "@hermes/core";
import type { Life } from "./life.ts";

/** How often an interrupted turn was taken up, and by which life last. */
export interface TurnRuns {
  /** Runs since somebody had a say in it, or since a process that ran it ended as planned. */
  readonly runs: number;
  readonly life: number;
}

/** How much is taken up after crashes before a person has to say how to go on. */
export interface ResumeLimits {
  /** A turn that ran in so many processes that crashed is set aside. */
  readonly maxCrashedRuns: number;
  /** After so many quick crashes in a row no turn is taken up. */
  readonly maxQuickCrashes: number;
}

/**
 * Whether an interrupted turn may run again.
 *
 * - `set-aside`: it may be what ends the process.
 * - `held`: the process keeps crashing, and nobody knows why.
 */
export type ResumeVerdict = "run" | "set-aside" | "held";

/** Decides it. */
export function mayResume(
  crashedRuns: number,
  { quickCrashes }: Pick<Life, "quickCrashes">,
  limits: ResumeLimits,
): ResumeVerdict {
  if (crashedRuns >= limits.maxCrashedRuns) return "set-aside";
  return quickCrashes >= limits.maxQuickCrashes ? "held" : "run";
}

/** In how many processes that crashed a turn ran, since the last one that ended as planned. */
export function crashedRunsOf(turnId: string, kept: TurnRuns | undefined, life: Life): number {
  if (kept !== undefined) return kept.life > life.plannedLife ? kept.runs : 0;
  // Nobody notes its first run: that it is there says that it began. Ids sort by time.
  const isYounger = life.plannedReplyId === undefined || turnId > life.plannedReplyId;
  return isYounger ? 1 : 0;
}

/** What was kept of a turn's runs; undefined for what is no such thing. */
export function readTurnRuns(kept: Json | undefined): TurnRuns | undefined {
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return undefined;
  const { runs, life } = kept as { readonly runs?: unknown; readonly life?: unknown };
  return Number.isSafeInteger(runs) && Number.isSafeInteger(life) ? (kept as unknown as TurnRuns) : undefined;
}
