import { restartReply, resumeReply, type Part, type ReplyContext, type ReplyState } from "@hermes/core";

/**
 * What an earlier process left of a reply, and how to go on with it.
 *
 * - `again`: its turn runs once more; what stands there is written over.
 * - `unsent`: it is complete; the rest of it is shown.
 * - `as-it-stands`: its turn does not run again; something may be said behind it.
 */
export interface Leftover {
  readonly how: "again" | "unsent" | "as-it-stands";
  readonly parts: readonly Part[];
}

/** The reply's state to go on from. */
export function restore({ how, parts }: Leftover, context: ReplyContext, nowMs: number): ReplyState {
  switch (how) {
    case "again":
      return restartReply({ parts }, context);
    case "unsent":
      return resumeReply({ parts, phase: "ended" }, context, nowMs);
    case "as-it-stands":
      return resumeReply({ parts: parts.map(asItStands), phase: "streaming" }, context, nowMs);
  }
}

/** Whether the right to answer may have been used by what is left. */
export function mayHaveSent(parts: readonly Part[]): boolean {
  return parts.some((part) => part.shownRevision > 0 || part.inFlightRevision !== null || part.marked || part.pinned);
}

/** What was complete or on its way is still said; what was only growing stays as it is seen. */
function asItStands(part: Part): Part {
  const isGrowing = part.state === "open" && (part.live !== "none" || part.inFlightRevision === null || part.refs.length > 0);
  if (isGrowing) return leftGrowing(part);
  // A native stream is out of hand now; whoever resumes the reply has to know that it was one.
  if (part.live !== "none" || part.inFlightRevision === null || part.refs.length > 0) return part;
  return { ...part, state: "closed", desired: part.inFlightTexts, desiredRevision: part.inFlightRevision };
}

function leftGrowing(part: Part): Part {
  const notShown = part.inFlightRevision === null ? "failed" : "unknown";
  return {
    ...part,
    state: part.shownRevision > 0 ? "sent" : notShown,
    desired: part.shown,
    inFlightRevision: null,
    inFlightTexts: [],
    live: "none",
    liveUntilMs: null,
  };
}
