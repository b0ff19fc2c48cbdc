import { restartReply, resumeReply, type Part, type ReplyContext, type ReplyState } from "@hermes/core";

/**
 * What an earlier process left of a reply, and how to go on with it.
 *
 * - `again`: its turn runs once more. The first `keep` parts stay as they are seen, and what was complete or on its way in them is
 *   still shown; the rest is written over.
 * - `unsent`: it is complete; the rest of it is shown.
 */
export type Leftover =
  | { readonly how: "again"; readonly parts: readonly Part[]; readonly keep: number; readonly step: number }
  | { readonly how: "unsent"; readonly parts: readonly Part[] };

/** The reply's state to go on from. */
export function restore(leftover: Leftover, context: ReplyContext, nowMs: number): ReplyState {
  const { parts } = leftover;
  switch (leftover.how) {
    case "again": {
      const { keep, step } = leftover;
      return restartReply(
        { parts: parts.map((part) => (part.index < keep ? leftStanding(part, step) : part)), keep, step },
        context,
        nowMs,
      );
    }
    case "unsent":
      return resumeReply({ parts, phase: "ended" }, context, nowMs);
  }
}

/** Whether something of a part may be seen. */
export function mayStand({ refs, shownRevision, maybeShown, inFlightRevision, marked, pinned }: Part): boolean {
  return refs.length > 0 || shownRevision > 0 || maybeShown.length > 0 || inFlightRevision !== null || marked || pinned;
}

/** A part that stays where it is when its turn runs again: what it will show from now on. */
export function leftStanding(part: Part, step: number): Part {
  return part.step >= step ? asItStands(part) : part;
}

/** Whether the right to answer may have been used by what is left. */
export function mayHaveSent(parts: readonly Part[]): boolean {
  return parts.some((part) => part.shownRevision > 0 || part.inFlightRevision !== null || part.marked || part.pinned);
}

/** What was complete or on its way is still said; what was only growing stays as it is seen. */
function asItStands(part: Part): Part {
  if (isFirstUpdate(part)) return asFarAsTried(part);
  const isGrowing = part.state === "open" && (part.live !== "none" || part.inFlightRevision === null || part.refs.length > 0);
  if (isGrowing) return leftGrowing(part);
  // A native stream is out of hand now; whoever resumes the reply has to know that it was one.
  if (part.live !== "none" || part.inFlightRevision === null || part.refs.length > 0) return part;
  return { ...part, state: "closed", desired: part.inFlightTexts, desiredRevision: part.inFlightRevision };
}

/** Of a native stream nothing is known to be seen, but something may be. */
function isFirstUpdate({ state, live, shownRevision, inFlightRevision }: Part): boolean {
  return state === "open" && live !== "none" && shownRevision === 0 && inFlightRevision !== null;
}

/** What may be seen of it, complete: the policy for sends in doubt decides about it as about others. */
function asFarAsTried(part: Part): Part {
  const { source, covers, inFlightTexts, inFlightRevision } = part;
  return {
    ...part,
    state: "closed",
    desired: inFlightTexts,
    desiredRevision: inFlightRevision ?? part.desiredRevision,
    source: source.slice(0, covers.inFlight),
    covers: { ...covers, desired: covers.inFlight },
  };
}

function leftGrowing(part: Part): Part {
  const notShown = part.inFlightRevision === null ? "failed" : "unknown";
  const state = part.shownRevision > 0 ? "sent" : notShown;
  return {
    ...part,
    state,
    desired: state === "unknown" ? part.inFlightTexts : part.shown,
    inFlightRevision: null,
    inFlightTexts: [],
    live: "none",
    liveUntilMs: null,
  };
}
