import type { AgentEvent } from "../agent.ts";
import { openIndex } from "./lay-out.ts";
import { fillParts, type Content } from "./parts.ts";
import { progressText, withoutTool, withPlan, withTool, type Progress, type ProgressDisplay } from "./progress-lines.ts";
import { fits, roomFor } from "./room.ts";
import type { Part, ReplyContext, ReplyState } from "./state.ts";

/** What a message that grows with the agent's work is told. */
type ProgressEvent = Extract<AgentEvent, { type: "tool-start" | "tool-end" | "plan" }>;

/**
 * Shows what the agent does besides speaking, where that is wanted and can be changed later: in one message, until it speaks again. It is
 * no part of what is said: where it cannot be shown it is left out.
 */
export function takeProgress(state: ReplyState, event: ProgressEvent, context: ReplyContext, nowMs: number): ReplyState {
  const display = context.progress;
  if (display === undefined || !canShow(state, context)) return state;
  const before = state.progress ?? { sinceMs: nowMs, lines: [], gone: 0, plan: [] };
  const progress = changed(before, event, display);
  if (progress === before) return state;
  const open = state.parts.findLast(isOpenProgress);
  // What ends after the agent has spoken is told no more.
  if (open === undefined && event.type === "tool-end") return state;
  const at = open?.index ?? openIndex(state);
  const room = roomFor(context, state.maxLength, open?.marked ?? false);
  const source = progressText(progress, (text) => fits(room, text));
  if (source === "") return state;
  const content: Content = {
    kind: "progress",
    source,
    fence: "",
    texts: [source],
    covers: source.length,
    closed: false,
    step: state.step,
  };
  return { ...state, progress, parts: fillParts(state.parts, at, [content]) };
}

/** The agent speaks again, or is done: what it did stays as it is. */
export function closeProgress(state: ReplyState): ReplyState {
  const { progress, ...rest } = state;
  if (progress === undefined) return state;
  const parts = state.parts.map((part): Part => (isOpenProgress(part) ? { ...part, state: "closed" } : part));
  return { ...rest, parts };
}

/** What an answer leaves of it once it is complete and shown: nothing, where that is wished for. */
export function sweepProgress(state: ReplyState): ReplyState {
  const { sweeps, ...rest } = state;
  if (sweeps !== true) return state;
  const isLeft = (part: Part): boolean => part.kind === "progress" && part.state === "sent" && part.refs.length > 0;
  const current = state.parts.findIndex(isLeft);
  if (current === -1) return rest;
  const parts = state.parts.map((part): Part =>
    isLeft(part) ? { ...part, state: "closed", desired: [], desiredRevision: part.desiredRevision + 1 } : part,
  );
  return { ...rest, parts, current };
}

function isOpenProgress({ kind, state }: Part): boolean {
  return kind === "progress" && state === "open";
}

/** Where nothing can be changed later, or each message counts, a line for each tool would be noise. */
function canShow({ mode }: ReplyState, { capabilities, grant }: ReplyContext): boolean {
  return capabilities.edit !== false && mode !== "final" && grant?.uses === undefined;
}

function changed(progress: Progress, event: ProgressEvent, display: ProgressDisplay): Progress {
  switch (event.type) {
    case "tool-start":
      return withTool(progress, event, display);
    case "tool-end":
      return withoutTool(progress, event, display);
    case "plan":
      return withPlan(progress, event.entries, display);
  }
}
