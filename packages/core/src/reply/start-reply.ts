import { emptyReasoningFilter } from "../text/reasoning-filter.ts";
import { isSettled, newPart, settled, vacated } from "./parts.ts";
import { afterFailure } from "./settle.ts";
import type { Part, ReplyContext, ReplyMode, ReplyState } from "./state.ts";

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
  };
}

/**
 * A reply taken up again after its process ended: by its parts alone, or by its whole state. Calls that were in flight may have
 * happened, and live messages are out of hand. Step on with `clock`.
 */
export function resumeReply(
  kept: Pick<ReplyState, "parts" | "phase"> & Partial<ReplyState>,
  context: ReplyContext,
  nowMs: number,
): ReplyState {
  const fresh = startReply(context);
  const parts = inPlace(kept.parts);
  let state: ReplyState = { ...fresh, firstTextAtMs: nowMs, ...kept, mode: withoutLive(kept.mode ?? fresh.mode, context), parts };
  // A first send waits for nothing: the time the process was away was pause enough.
  const { nextAtMs } = state;
  for (const { index } of parts) {
    const part = state.parts[index];
    if (part !== undefined && !isSettled(part)) state = regained(state, part, context, nowMs);
  }
  return { ...state, nextAtMs };
}

/**
 * A reply that is said again from its beginning, after its process ended. Where messages can be edited the earlier ones are written
 * over, those too many removed if that is possible; otherwise they stay, and the reply goes on behind them.
 */
export function restartReply({ parts }: Pick<ReplyState, "parts">, context: ReplyContext): ReplyState {
  const state = startReply(context);
  return { ...state, parts: inPlace(parts).map((part) => reusable(part, context)) };
}

function startMode({ live, edit }: ReplyContext["capabilities"]): ReplyMode {
  if (live) return "live-replace";
  return edit === false || edit.maxEdits === 0 ? "final" : "edit";
}

/** The mode where no live message is to be had (any more). */
export function withoutLive(mode: ReplyMode, { capabilities }: ReplyContext): ReplyMode {
  return mode === "final" || mode === "edit" ? mode : startMode({ ...capabilities, live: false });
}

/** A store may have dropped parts that were settled long ago. */
function inPlace(parts: readonly Part[]): readonly Part[] {
  const length = parts.reduce((most, part) => Math.max(most, part.index + 1), 0);
  const placed = Array.from({ length }, (_, index) => settled(newPart(index), "sent", []));
  for (const part of parts) placed[part.index] = part;
  return placed;
}

function regained(state: ReplyState, part: Part, context: ReplyContext, nowMs: number): ReplyState {
  return state;
}
