import type { BusyMode } from "./busy-mode.ts";

/** What is known when a message comes while its conversation is being answered. */
export interface BusySituation {
  readonly mode: BusyMode;
  /** The sender's own, or one that they may rule over. */
  readonly mayRule: boolean;
  /** Nobody wrote it just now: it is worked off once more by hand. */
  readonly isRepeated: boolean;
  /** It brings something along that is good for its own turn only, or somebody waits for its answer alone. */
  readonly isEphemeral: boolean;
  /** Of the turn that runs. */
  readonly running: {
    /** Its agent takes what is said meanwhile. */
    readonly canSteer: boolean;
    /** It is in the middle of something that must not be cut. */
    readonly isUninterruptible: boolean;
    /** It has asked somebody something that is still open. */
    readonly isAsking: boolean;
    /** Somebody waits for its answer, and for nothing else. */
    readonly isForRequest: boolean;
  };
}

/** What is done with it, and where that is not what the mode says, why. */
export type BusyDecision =
  | { readonly action: "interrupt" | "steer" }
  | { readonly action: "queue"; readonly why: "mode" | "not-yours" | "asked" | "uninterruptible" | "cannot-steer" }
  /** It waits like any other, and nobody has to be told. */
  | { readonly action: "wait" };

/** Decides about a message that comes while its conversation is being answered. Pure. */
export function decideBusy({ mode, mayRule, isRepeated, isEphemeral, running }: BusySituation): BusyDecision {
  if (isRepeated || isEphemeral) return { action: "wait" };
  if (mode === "queue" || running.isForRequest) return { action: "queue", why: "mode" };
  if (!mayRule) return { action: "queue", why: "not-yours" };
  switch (mode) {
    case "steer":
      return running.canSteer ? { action: "steer" } : { action: "queue", why: "cannot-steer" };
    case "interrupt":
      // Half an answer to a question must not take the question away.
      if (running.isAsking) return { action: "queue", why: "asked" };
      return running.isUninterruptible ? { action: "queue", why: "uninterruptible" } : { action: "interrupt" };
  }
}
