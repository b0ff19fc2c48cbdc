import { leaveStanding } from "./detach.ts";
import { layOut, sealOpen } from "./lay-out.ts";
import { sweepProgress } from "./progress.ts";
import { isSettled, isVacant, leftOver, replacePart, sameTexts, settled } from "./parts.ts";
import { tellsUntilMs, withMark } from "./room.ts";
import { noteUntold } from "./settle-show.ts";
import type { Part, ReplyContext, ReplyEffect, ReplyState, ReplyStep } from "./state.ts";

const noEffects: readonly ReplyEffect[] = [];

/** Makes the call that is due, if one is. One call is in flight at a time, and parts are shown in their order. */
export function planShow(before: ReplyState, context: ReplyContext, nowMs: number): ReplyStep {
  const advanced = skipSettled(before, context);
  const dueMs = dueAt(advanced, context);
  if (dueMs === null || dueMs > nowMs) return { state: advanced, effects: noEffects };
  const state = takeInText(advanced, context, nowMs);
  const part = state.parts[state.current];
  if (part === undefined || !hasNews(part))
    return { state: { ...state, nextEditAtMs: nowMs + state.intervalMs }, effects: noEffects };
  if (part.state === "open" && stands(part, state, context)) return planShow(noteStanding(state, part), context, nowMs);
  if (isTooLateToTell(part, context, nowMs))
    return planShow(noteUntold(state, { ...part, firstCalledAtMs: nowMs }, context), context, nowMs);
  if (isOutOfReach(part, context, nowMs)) return planShow(leaveStanding(state, context, part), context, nowMs);
  return wantsLive(part, state) ? open(state, part) : show(state, part, context, nowMs);
}

/**
 * When the next call is due, in milliseconds since the epoch; null while one is in flight and while there is nothing to show. Asked
 * for each piece of text, so it looks at no text.
 */
export function dueAt(state: ReplyState, context: ReplyContext): number | null {
  const part = state.parts[state.current];
  if (part === undefined) return state.mode === "final" ? null : firstShowAt(state, context);
  if (part.inFlightRevision !== null || part.live === "opening") return null;
  const editAtMs = Math.max(state.nextAtMs, state.nextEditAtMs);
  if (part.state === "closed") return part.refs.length > 0 || part.live !== "none" ? editAtMs : state.nextAtMs;
  const interimMs = interimAt(state, part, context, editAtMs);
  if (part.liveUntilMs === null) return interimMs;
  return Math.max(state.nextAtMs, Math.min(part.liveUntilMs, interimMs ?? part.liveUntilMs));
}

function interimAt(state: ReplyState, part: Part, context: ReplyContext, editAtMs: number): number | null {
  if (state.mode === "final" || (state.pending === "" && !hasNews(part))) return null;
  if (part.pinned && !isVacant(part)) return state.nextAtMs;
  if (part.covers.shown === 0) return firstShowAt(state, context, part.kind === "progress" ? state.progress?.sinceMs : undefined);
  return isLastEdit(part, context) ? null : editAtMs;
}

function firstShowAt(
  { firstTextAtMs, nextAtMs, nextEditAtMs }: ReplyState,
  { firstShowMs }: ReplyContext,
  sinceMs: number | null = firstTextAtMs,
): number | null {
  return sinceMs === null ? null : Math.max(sinceMs + firstShowMs, nextAtMs, nextEditAtMs);
}

/** Whether a part wants something shown that is not known to stand there, as far as can be told without looking at text. */
function hasNews(part: Part): boolean {
  if (part.state === "closed" || (part.pinned && !isVacant(part))) return true;
  if (part.desired.length === 0) return part.source.length > part.covers.desired;
  return part.desiredRevision !== part.shownRevision;
}

/** The last edit a platform allows is kept for the end. */
function isLastEdit(part: Part, { capabilities }: ReplyContext): boolean {
  if (part.live !== "none" || capabilities.edit === false) return false;
  return capabilities.edit.maxEdits !== undefined && part.edits + 1 >= capabilities.edit.maxEdits;
}

/** Whether what stands there cannot be changed (any more). */
function isOutOfReach(part: Part, { capabilities }: ReplyContext, nowMs: number): boolean {
  if (part.live !== "none" || part.shownRevision === 0) return false;
  const ageMs = nowMs - (part.firstShownAtMs ?? nowMs);
  if (part.desired.length === 0)
    return capabilities.remove === false || ageMs > (capabilities.remove.maxAgeMs ?? Number.POSITIVE_INFINITY);
  if (capabilities.edit === false || part.refs.length === 0) return true;
  const { maxEdits = Number.POSITIVE_INFINITY, maxAgeMs = Number.POSITIVE_INFINITY } = capabilities.edit;
  return part.edits >= maxEdits || ageMs > maxAgeMs;
}

/** A send may have happened, and its platform has forgotten the key by which it would know a repetition. */
function isTooLateToTell(part: Part, { capabilities }: ReplyContext, nowMs: number): boolean {
  if (!part.pinned || part.refs.length > 0) return false;
  return nowMs >= tellsUntilMs(capabilities, part.firstCalledAtMs ?? nowMs);
}

function takeInText(state: ReplyState, context: ReplyContext, nowMs: number): ReplyState {
  const part = state.parts[state.current];
  if (part?.state === "closed") return state;
  const expired = part?.liveUntilMs !== undefined && part.liveUntilMs !== null && part.liveUntilMs <= nowMs;
  return expired ? sealOpen(state, context) : layOut(state, context, false);
}

function skipSettled(before: ReplyState, context: ReplyContext): ReplyState {
  const state = skipShown(before, context);
  const isShown = state.phase === "ended" && state.current >= state.parts.length;
  return isShown && state.sweeps === true ? skipShown(sweepProgress(state), context) : state;
}

function skipShown(state: ReplyState, context: ReplyContext): ReplyState {
  let { current, parts } = state;
  for (let part = parts[current]; part !== undefined; part = parts[current]) {
    if (part.state === "open" && state.phase === "ended") {
      parts = replacePart(parts, leftOver(part, context));
      continue;
    }
    if (part.state === "closed" && part.inFlightRevision === null && part.live === "none" && needsNoCall(part, state, context)) {
      parts = replacePart(parts, settled(part, "sent", part.desired));
    } else if (!isSettled(part)) break;
    current += 1;
  }
  return current === state.current && parts === state.parts ? state : { ...state, parts, current };
}

function needsNoCall(part: Part, state: ReplyState, context: ReplyContext): boolean {
  return stands(part, state, context) || (part.desired.length === 0 && part.refs.length === 0);
}

function stands(part: Part, state: ReplyState, context: ReplyContext): boolean {
  return (
    !part.pinned &&
    part.maybeShown.length === 0 &&
    part.shownRevision > 0 &&
    sameTexts(part.shown, textsToShow(part, state, context))
  );
}

function noteStanding(state: ReplyState, part: Part): ReplyState {
  const noted: Part = {
    ...part,
    shownRevision: part.desiredRevision,
    covers: { ...part.covers, shown: part.covers.desired, maybeShown: 0 },
  };
  return { ...state, parts: replacePart(state.parts, noted) };
}

function wantsLive(part: Part, state: ReplyState): boolean {
  const isLive = state.mode === "live-replace" || state.mode === "live-append";
  return isLive && part.kind !== "progress" && part.state === "open" && part.live === "none" && part.shownRevision === 0;
}

function open(state: ReplyState, part: Part): ReplyStep {
  return {
    state: { ...state, parts: replacePart(state.parts, { ...part, live: "opening" }) },
    effects: [{ type: "open", part: part.index }],
  };
}

function show(state: ReplyState, part: Part, context: ReplyContext, nowMs: number): ReplyStep {
  const texts = part.pinned ? part.inFlightTexts : textsToShow(part, state, context);
  // A repetition that has to be exact may say less than is desired by now: an edit follows.
  const isBehind = part.pinned && !sameTexts(texts, part.desired);
  const revision = part.desiredRevision;
  const calling: Part = {
    ...part,
    desiredRevision: isBehind ? revision + 1 : revision,
    inFlightRevision: revision,
    inFlightTexts: texts,
    covers: { ...part.covers, inFlight: part.pinned ? part.covers.inFlight : part.covers.desired },
    firstCalledAtMs: part.firstCalledAtMs ?? nowMs,
  };
  return {
    state: { ...state, parts: replacePart(state.parts, calling), nextEditAtMs: nowMs + state.intervalMs },
    effects: [
      {
        type: "show",
        part: part.index,
        key: sendKey(calling, context),
        revision,
        texts,
        refs: part.refs,
        final: part.state === "closed" && !isBehind,
        inDoubt: part.pinned,
        firstCalledAtMs: part.firstCalledAtMs ?? nowMs,
        files: part.files ?? [],
        actions: part.actions ?? [],
        tools: state.tools,
      },
    ],
  };
}

function sendKey({ index, marked, firstCalledAtMs }: Part, { capabilities }: ReplyContext): string {
  return marked && typeof capabilities.idempotentSend === "object" ? `${index}.${firstCalledAtMs}` : `${index}`;
}

function textsToShow(part: Part, state: ReplyState, context: ReplyContext): readonly string[] {
  return part.marked && part.live !== "append" ? withMark(part.desired, context, state.maxLength) : part.desired;
}
