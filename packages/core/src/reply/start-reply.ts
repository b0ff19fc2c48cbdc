import { emptyReasoningFilter } from "../text/reasoning-filter.ts";
import { leaveStanding, leaveUnknown } from "./detach.ts";
import { canMarkFiles, fileNames } from "./files.ts";
import { leaveLive, startMode } from "./mode.ts";
import { canTellSends } from "./room.ts";
import { isSettled, newPart, replacePart, settled, vacated } from "./parts.ts";
import { doubted, noteFailure } from "./settle-show.ts";
import type { Part, ReplyContext, ReplyState } from "./state.ts";
import { endReply } from "./take-event.ts";

/** A reply that has said nothing yet. */
export function startReply({ capabilities }: ReplyContext): ReplyState {
  return {
    parts: [],
    mode: startMode(capabilities),
    phase: "streaming",
    strikes: 0,
    intervalMs: capabilities.edit === false ? 0 : capabilities.edit.minIntervalMs,
    nextAtMs: 0,
    nextEditAtMs: 0,
    firstTextAtMs: null,
    maxLength: capabilities.text.maxLength,
    filter: emptyReasoningFilter,
    current: 0,
    pending: "",
    step: 0,
    tools: [],
  };
}

/** What is kept of a reply: its whole state, or only its parts and whether its turn had ended. */
export type KeptReply = Pick<ReplyState, "parts" | "phase"> & Partial<ReplyState>;

/**
 * A reply taken up again after its process ended, to say the rest of it. Calls that were in flight may have happened, and live
 * messages are out of hand. Step on with `clock`.
 */
export function resumeReply(kept: KeptReply, context: ReplyContext, nowMs: number): ReplyState {
  const parts = inPlace(kept.parts);
  let state = leaveLive({ ...startReply(context), firstTextAtMs: nowMs, ...kept, phase: "streaming", parts }, context);
  // The time without a process was pause enough, unless the platform asked for more.
  const { nextAtMs } = state;
  for (const { index } of parts) {
    const part = state.parts[index];
    if (part !== undefined && !isSettled(part)) state = regained(state, part, context, nowMs);
  }
  const regainedState = { ...state, nextAtMs };
  return kept.phase === "ended" ? endReply(regainedState, context, nowMs) : regainedState;
}

/** A reply whose turn runs once more, and how much of it is not said again. */
export interface RestartedReply {
  readonly parts: readonly Part[];
  /** The agent's checkpoints so far. Default 0. */
  readonly step?: number;
  /** So many parts are kept and shown to their end. Default 0: all is said again. */
  readonly keep?: number;
}

/**
 * A reply that is said again after its process ended, in whole or behind the parts that are kept. What is said again is written over
 * what stands there where messages can be edited, and those too many are removed if that is possible; elsewhere they stay, and the
 * reply goes on behind them. Step on with `clock`.
 */
export function restartReply({ parts, step = 0, keep = 0 }: RestartedReply, context: ReplyContext, nowMs: number): ReplyState {
  const placed = inPlace(parts);
  const kept = placed.slice(0, keep);
  const before = kept.length === 0 ? startReply(context) : resumeReply({ parts: kept, phase: "streaming", step }, context, nowMs);
  const behind = placed
    .slice(kept.length)
    .map((part, place) => ({ ...reusable(part, context), index: before.parts.length + place }));
  const filesBefore = behind.flatMap(({ files }) => (files === undefined ? [] : [fileNames(files)]));
  return { ...before, step, parts: [...before.parts, ...behind], ...(filesBefore.length === 0 ? {} : { filesBefore }) };
}

/** A store may have dropped parts that were settled long ago. */
function inPlace(parts: readonly Part[]): readonly Part[] {
  const length = parts.reduce((most, part) => Math.max(most, part.index + 1), 0);
  const placed = Array.from({ length }, (_, index) => settled(newPart(index), "sent", []));
  for (const part of parts) placed[part.index] = part;
  return placed;
}

function regained(state: ReplyState, part: Part, context: ReplyContext, nowMs: number): ReplyState {
  const wasCalling = part.inFlightRevision !== null;
  const called: Part = { ...part, inFlightRevision: null };
  if (isGone(part, context)) return { ...state, parts: replacePart(state.parts, unseen(part)) };
  if (part.live === "none") {
    const lost = { kind: "failed", failure: { kind: "unavailable" }, maybeDone: true } as const;
    return wasCalling ? noteFailure(state, part, lost, context, nowMs) : state;
  }
  const mayStand = wasCalling || part.shownRevision > 0;
  const withoutLive: Part = { ...called, live: "none", liveUntilMs: null };
  if (!mayStand) return { ...state, parts: replacePart(state.parts, withoutLive) };
  if (part.live === "append") return leaveStanding(state, context, wasCalling ? doubted(called) : called);
  if (context.unknown !== "repeat-marked") return leaveUnknown(state, context, called);
  const covers = { ...part.covers, shown: 0, inFlight: 0, maybeShown: 0 };
  const again: Part = { ...withoutLive, marked: true, shown: [], shownRevision: 0, inFlightTexts: [], maybeShown: [], covers };
  return { ...state, parts: replacePart(state.parts, again) };
}

function reusable(part: Part, context: ReplyContext): Part {
  const { capabilities, unknown } = context;
  if (part.files !== undefined) return reusableFiles(part, context);
  if (isGone(part, context)) return { ...vacated(unseen(part)), attempts: 0 };
  // An edit that was in flight may have changed what stands there.
  const called = part.inFlightRevision === null ? part : doubted(part);
  const free: Part = { ...vacated(called), inFlightRevision: null, live: "none", liveUntilMs: null, attempts: 0 };
  const canEdit = capabilities.edit !== false;
  if (part.refs.length > 0) return canEdit ? { ...free, inFlightTexts: [], pinned: false } : settled(part, "sent", part.shown);
  const stands = part.shownRevision > 0 && part.live !== "replace";
  if (stands) return settled(part, part.inFlightRevision === null ? "sent" : "unknown", part.shown);
  const mayStand =
    part.inFlightRevision !== null || part.shownRevision > 0 || part.state === "unknown" || part.marked || part.pinned;
  if (!mayStand) return { ...free, inFlightTexts: [] };
  if (canTellSends(capabilities) && canEdit && part.live === "none" && part.inFlightTexts.length > 0)
    return { ...free, pinned: true, maybeShown: [] };
  if (canTellSends(capabilities) || unknown !== "repeat-marked") return settled(part, "unknown", part.inFlightTexts);
  return { ...free, marked: true, shown: [], shownRevision: 0, maybeShown: [], desired: [], inFlightTexts: [] };
}

/** Files cannot be written over: what was sent stays, what may have been is settled by itself, and the rest is said again. */
function reusableFiles(part: Part, context: ReplyContext): Part {
  if (part.refs.length > 0 || part.shownRevision > 0 || part.state === "sent") return settled(part, "sent", part.shown);
  const mayStand = part.inFlightRevision !== null || part.state === "unknown" || part.marked || part.pinned;
  if (!mayStand) return { ...vacated(part), attempts: 0 };
  const called: Part = { ...part, inFlightRevision: null, state: "closed", attempts: 0 };
  if (canTellSends(context.capabilities)) return { ...called, pinned: true };
  if (context.unknown === "repeat-marked" && canMarkFiles(context)) return { ...called, marked: true };
  return settled(part, "unknown", part.inFlightTexts);
}

/** What the gateway itself has shown live, and not finished, is gone with its process. */
function isGone({ live, refs }: Part, { capabilities }: ReplyContext): boolean {
  return capabilities.live === "own" && live !== "none" && refs.length === 0;
}

/** The part as if nobody had seen anything of it. */
function unseen(part: Part): Part {
  const covers = { ...part.covers, shown: 0, inFlight: 0, maybeShown: 0 };
  const nothing = { shown: [], shownRevision: 0, inFlightTexts: [], inFlightRevision: null, maybeShown: [], covers };
  return { ...part, ...nothing, live: "none", liveUntilMs: null, marked: false, pinned: false };
}
