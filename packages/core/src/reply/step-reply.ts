import { layOutAgain } from "./lay-out.ts";
import { leaveLive } from "./mode.ts";
import { dropPart } from "./by-hand.ts";
import { replacePart } from "./parts.ts";
import { dueAt, planShow } from "./plan-show.ts";
import { settleShow } from "./settle-show.ts";
import type { LiveLimits, Part, ReplyContext, ReplyEnding, ReplyInput, ReplyState, ReplyStep } from "./state.ts";
import { endReply, pauseReply, takeEvent, takeQuestion } from "./take-event.ts";

/**
 * One step of a reply: what it is told becomes a new state and what is to be done. Pure; the state is JSON, and going on from a
 * copy of it is going on from it. Each `open` is to be answered with `opened`, each `show` with `settled`.
 */
export function stepReply(state: ReplyState, input: ReplyInput, context: ReplyContext, nowMs: number): ReplyStep {
  const step = planShow(tell(state, input, context, nowMs), context, nowMs);
  const wakeAtMs = dueAt(step.state, context);
  if (wakeAtMs === null || wakeAtMs <= nowMs) return step;
  const isKnown = input.type === "agent" && wakeAtMs === dueAt(state, context);
  return isKnown ? step : { state: step.state, effects: [...step.effects, { type: "wake", atMs: wakeAtMs }] };
}

/** Nothing is left to be said, and all that was said is settled. */
export function isReplySettled({ phase, current, parts }: ReplyState): boolean {
  return phase === "ended" && current >= parts.length;
}

function tell(state: ReplyState, input: ReplyInput, context: ReplyContext, nowMs: number): ReplyState {
  switch (input.type) {
    case "agent":
      return takeEvent(state, input.event, context, nowMs);
    case "clock":
      return state;
    case "opened":
      return takeLive(state, input.live, context, nowMs);
    case "settled":
      return settleShow(state, input, context, nowMs);
    case "question":
      return takeQuestion(state, input.text, input.actions, context, nowMs);
    case "pause":
      return pauseReply(state, context, nowMs);
    case "drop":
      return { ...state, phase: "ended", pending: "", parts: state.parts.map((part) => dropPart(part) ?? part) };
    case "end":
      return sweeping(endReply(state, context, nowMs), input.how, context);
  }
}

/** Of an answer that went wrong all that led to it stays. */
function sweeping(state: ReplyState, how: ReplyEnding, { progress, capabilities }: ReplyContext): ReplyState {
  return how === "finished" && progress?.cleanUp === true && capabilities.remove !== false ? { ...state, sweeps: true } : state;
}

function takeLive(state: ReplyState, live: LiveLimits | null, context: ReplyContext, nowMs: number): ReplyState {
  const part = state.parts[state.current];
  if (part?.live !== "opening") return state;
  if (live === null) return leaveLive({ ...state, parts: replacePart(state.parts, { ...part, live: "none" }) }, context);
  const liveUntilMs = live.expiresAfterMs === undefined ? null : nowMs + Math.floor(live.expiresAfterMs * 0.9);
  const opened: Part = { ...part, live: live.mode, liveUntilMs };
  const maxLength = Math.min(state.maxLength ?? Number.POSITIVE_INFINITY, live.maxLength ?? Number.POSITIVE_INFINITY);
  const next: ReplyState = {
    ...state,
    parts: replacePart(state.parts, opened),
    mode: live.mode === "append" ? "live-append" : "live-replace",
    intervalMs: Math.max(live.minIntervalMs, state.strikes > 0 ? state.intervalMs : 0),
    maxLength: Number.isFinite(maxLength) ? maxLength : null,
  };
  return next.maxLength === state.maxLength ? next : layOutAgain(next, context, state.current);
}
