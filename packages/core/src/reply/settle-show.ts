import { insertAfter, leaveStanding, leaveUnknown, startAnew } from "./detach.ts";
import { layOutAgain, noticeContents } from "./lay-out.ts";
import { isVisible } from "../text/length.ts";
import { leaveLive, stopInterim } from "./mode.ts";
import { replacePart, settled } from "./parts.ts";
import { nextDelayMs, slowedDown } from "./pace.ts";
import { canMarkFiles, refusedFiles } from "./files.ts";
import { canTellSends } from "./room.ts";
import type { Part, PartFile, ReplyContext, ReplyInput, ReplyState, ShowResult } from "./state.ts";

type Settled = Extract<ReplyInput, { type: "settled" }>;
type Failed = Extract<ShowResult, { kind: "failed" }>;

/** Rate limits in a row after which text is shown only once it is complete. */
const strikesAllowed = 3;

/** Takes in what came of the call in flight; an answer to another call is nobody's. */
export function settleShow(state: ReplyState, input: Settled, context: ReplyContext, nowMs: number): ReplyState {
  const part = state.parts[input.part];
  if (part === undefined || part.inFlightRevision === null || part.inFlightRevision !== input.revision) return state;
  const { result } = input;
  switch (result.kind) {
    case "shown":
      return noteShown(state, part, result.refs, nowMs);
    case "deferred":
      return noteDeferred(state, part, result.untilMs);
    case "failed":
      return noteFailure(state, part, result, context, nowMs);
  }
}

/** Nothing was tried: by then there may be more to show. What was in doubt before is so still. */
function noteDeferred(state: ReplyState, part: Part, untilMs: number): ReplyState {
  const inFlightTexts = part.pinned ? part.inFlightTexts : [];
  const waiting: Part = { ...part, inFlightRevision: null, inFlightTexts };
  return { ...withPart(state, waiting), nextAtMs: Math.max(state.nextAtMs, untilMs) };
}

function noteShown(state: ReplyState, part: Part, refs: Part["refs"], nowMs: number): ReplyState {
  const revision = part.inFlightRevision ?? part.desiredRevision;
  const isEdit = part.shownRevision > 0 && part.live === "none";
  const shown: Part = {
    ...part,
    shown: part.inFlightTexts,
    shownRevision: revision,
    maybeShown: [],
    inFlightRevision: null,
    inFlightTexts: [],
    refs: part.inFlightTexts.length === 0 || refs.length > 0 ? refs : part.refs,
    pinned: false,
    attempts: 0,
    failure: null,
    edits: isEdit ? part.edits + 1 : part.edits,
    firstShownAtMs: part.firstShownAtMs ?? nowMs,
    covers: { ...part.covers, shown: part.covers.inFlight, maybeShown: 0 },
  };
  const isFinal = part.state === "closed" && revision === part.desiredRevision;
  return { ...withPart(state, isFinal ? settled(shown, "sent", shown.desired) : shown), strikes: 0 };
}

/** What the call in flight leaves to be done, if it failed. */
export function noteFailure(before: ReplyState, called: Part, result: Failed, context: ReplyContext, nowMs: number): ReplyState {
  const { failure, maybeDone } = result;
  if (failure.kind === "not-modified") return noteShown(before, called, [], nowMs);
  const part = failedOnce(called, failure.kind, maybeDone);
  const state = withPart(before, part);
  switch (failure.kind) {
    case "rate-limited": {
      const slower = slowedDown(state, failure.retryAfterMs, nowMs);
      return afterStrike(maybeDone ? noteUncertain(slower, part, context) : slower, part, context);
    }
    case "unavailable":
    case "aborted":
    case "conflict":
    // A person can mend the credentials, and then it can be said.
    case "unauthorized": {
      const later = { ...state, nextAtMs: Math.max(state.nextAtMs, nowMs + nextDelayMs(part.attempts)) };
      return maybeDone ? noteUncertain(later, part, context) : later;
    }
    case "too-long":
      if (part.files !== undefined) return refuse(state, part, context, true);
      return afterTooLong(state, part, called.inFlightTexts, context);
    case "not-found":
      if (failure.what !== "message" || isSend(part)) return refuse(state, part, context, failure.what === "message");
      if (part.desired.length === 0) return withPart(state, settled({ ...part, shown: [] }, "sent", []));
      return startAnew(part.live === "none" ? state : leaveLive(state, context), context, part);
    case "invalid":
      return refuse(state, part, context, true);
    case "forbidden":
      return refuse(state, part, context, false);
  }
}

/** The part, if the call in flight may have happened. */
export function doubted(part: Part): Part {
  const { covers, inFlightTexts } = part;
  // Of several such calls, the one whose text is farthest from what is known to be shown.
  const isCloser = Math.abs(covers.inFlight - covers.shown) < Math.abs(covers.maybeShown - covers.shown);
  if (part.maybeShown.length > 0 && isCloser) return part;
  return { ...part, maybeShown: inFlightTexts, covers: { ...covers, maybeShown: covers.inFlight } };
}

/** What surely was not done leaves no trace. */
function failedOnce(part: Part, failure: Part["failure"], maybeDone: boolean): Part {
  const failed: Part = { ...part, inFlightRevision: null, attempts: part.attempts + 1, failure };
  return maybeDone ? doubted(failed) : failed;
}

/** A call that makes a message, and would make a second one if it were repeated. */
function isSend(part: Part): boolean {
  // A live message that is replaced as it grows may be a draft, of which only its end makes a message.
  return part.refs.length === 0 && (part.live === "none" || (part.live === "replace" && part.state === "closed"));
}

function noteUncertain(state: ReplyState, part: Part, context: ReplyContext): ReplyState {
  if (!isSend(part)) return state;
  if (canTellSends(context.capabilities)) return withPart(state, { ...part, pinned: true });
  return noteUntold(state, part, context);
}

/** A send may have happened, and nobody will ever tell. */
export function noteUntold(state: ReplyState, part: Part, context: ReplyContext): ReplyState {
  // Nobody misses it, and nobody needs it twice.
  if (part.kind === "progress") return leaveUnknown(state, { ...context, unknown: "leave" }, part);
  // A file without a caption has no place for the mark.
  if (part.files !== undefined && !canMarkFiles(context)) return leaveUnknown(state, { ...context, unknown: "ask" }, part);
  switch (context.unknown) {
    case "leave":
    case "ask":
      return leaveUnknown(state, context, part);
    case "repeat-marked":
      return withPart(state, { ...part, marked: true, pinned: false });
  }
}

function afterStrike(state: ReplyState, failed: Part, context: ReplyContext): ReplyState {
  if (state.strikes < strikesAllowed) return state;
  const quiet = stopInterim(state);
  const part = quiet.parts[failed.index] ?? failed;
  // What nobody can see yet follows as a message of its own: one more edit might well be the fourth in vain.
  const isEdit = part.refs.length > 0 && part.covers.shown > 0;
  return isEdit ? leaveStanding(quiet, context, part) : quiet;
}

function afterTooLong(state: ReplyState, part: Part, texts: readonly string[], context: ReplyContext): ReplyState {
  const declared = context.capabilities.text.maxLength ?? Number.POSITIVE_INFINITY;
  const tried = Math.max(0, ...texts.map((text) => context.measure(text)));
  const maxLength = Math.floor(Math.min(state.maxLength ?? Number.POSITIVE_INFINITY, tried) * 0.8);
  // A platform that finds anything too long will not take this either.
  if (maxLength < Math.max(1, Math.min(64, declared / 8))) return refuse(state, part, context, true);
  // Nor did it take it before.
  return layOutAgain({ ...withPart(state, { ...part, pinned: false }), maxLength }, context, part.index);
}

/** The platform will not do this. `tell`: it may still take a notice that says so. */
function refuse(state: ReplyState, part: Part, context: ReplyContext, tell: boolean): ReplyState {
  if (part.kind === "progress") return refuseProgress(state, part, context);
  const quiet = stopInterim(state);
  if (part.refs.length > 0) return leaveStanding(quiet, context, part);
  // What is still growing is tried once more when it is complete: half-written text may have been the reason.
  if (part.state === "open") return quiet;
  if (part.live !== "none") {
    const stays = part.live === "append" && part.covers.shown + part.covers.maybeShown > 0;
    const without = leaveLive(state, context);
    return stays ? leaveStanding(without, context, part) : startAnew(without, context, part);
  }
  // A send that failed before may have happened all the same.
  const failed = withPart(state, settled(part, part.marked || part.pinned ? "unknown" : "failed", part.desired));
  if (!tell || part.kind === "undelivered") return failed;
  if (part.files !== undefined) return refuseFiles(failed, part, part.files, context);
  return insertAfter(failed, context, part.index, noticeContents("undelivered", context.phrases.undelivered, state, context));
}

/** What the agent does meanwhile is left out where it is not taken. */
function refuseProgress(state: ReplyState, part: Part, context: ReplyContext): ReplyState {
  // A removal that failed before may have happened all the same.
  if (part.desired.length === 0) return withPart(state, settled(part, part.attempts > 1 ? "unknown" : "sent", part.shown));
  if (part.refs.length > 0) return leaveStanding(state, context, part);
  return withPart(state, settled(part, part.marked || part.pinned ? "unknown" : "failed", part.desired));
}

/** What was to stand below files that are not taken follows as a text. */
function refuseFiles(failed: ReplyState, part: Part, files: readonly PartFile[], context: ReplyContext): ReplyState {
  const notice = noticeContents("undelivered", refusedFiles(files, context), failed, context);
  const caption = part.desired.join("\n\n");
  if (failed.parts[part.index]?.state !== "failed" || !isVisible(caption))
    return insertAfter(failed, context, part.index, notice);
  const words = noticeContents("text", caption, { ...failed, step: part.step }, context);
  const bare = withPart(failed, settled(part, "failed", [""]));
  return insertAfter(bare, context, part.index, [...notice, ...words]);
}

function withPart(state: ReplyState, part: Part): ReplyState {
  return { ...state, parts: replacePart(state.parts, part) };
}
