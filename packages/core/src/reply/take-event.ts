import type { AgentEvent } from "../agent.ts";
import { closingFenceLine, openedFence } from "../text/fence.ts";
import { isVisible } from "../text/length.ts";
import { fenceAfter } from "../text/lines.ts";
import type { Action } from "../message.ts";
import { filterReasoning, endReasoning } from "../text/reasoning-filter.ts";
import { isScarce, joinsSegments, layOut, noticeContents, openIndex } from "./lay-out.ts";
import { takeFiles } from "./files.ts";
import { fillParts, leftOver, replacePart, type Content } from "./parts.ts";
import { closeProgress, takeProgress } from "./progress.ts";
import type { ReplyContext, ReplyState } from "./state.ts";

/** Takes in what the agent says; what is not for the reader changes nothing. */
export function takeEvent(state: ReplyState, event: AgentEvent, context: ReplyContext, nowMs: number): ReplyState {
  if (state.phase === "ended") return state;
  switch (event.type) {
    case "text-delta": {
      const { state: filter, text } = filterReasoning(state.filter, event.text);
      return takeText(withoutTools({ ...state, filter }, text), text, nowMs);
    }
    case "segment-end":
      return endSegment(state, context, nowMs);
    case "tool-start":
      return takeProgress(startTool(endSegment(state, context, nowMs), event), event, context, nowMs);
    case "tool-end":
      return takeProgress(endTool(state, event), event, context, nowMs);
    case "plan":
      return takeProgress(endSegment(state, context, nowMs), event, context, nowMs);
    case "checkpoint":
      return takeCheckpoint(state, context, nowMs);
    case "notice":
      return takeNotice(state, event.text, context, nowMs);
    case "file":
      return takeFiles(closeProgress(flush(state, nowMs)), [event.file], event.caption, context);
    case "album":
      return takeFiles(closeProgress(flush(state, nowMs)), event.files, event.caption, context);
    default:
      return state;
  }
}

/** Puts something to somebody: a notice with buttons. */
export function takeQuestion(
  state: ReplyState,
  text: string,
  actions: readonly (readonly Action[])[],
  context: ReplyContext,
  nowMs: number,
): ReplyState {
  if (state.phase === "ended") return state;
  const asked = takeNotice(state, text, context, nowMs);
  const last = asked.parts.findLast(({ kind, state: is }) => kind === "notice" && is === "closed");
  const hasButtons = actions.length > 0 && context.capabilities.actions !== false;
  return hasButtons && last !== undefined ? { ...asked, parts: replacePart(asked.parts, { ...last, actions }) } : asked;
}

/** Closes all that is open, also where segments are joined: somebody is to read it now. */
export function pauseReply(state: ReplyState, context: ReplyContext, nowMs: number): ReplyState {
  if (state.phase === "ended") return state;
  const closed = layOut(closeProgress(flush(state, nowMs)), context, true);
  return { ...closed, step: closed.step + 1 };
}

/** Closes all that is open: nothing more will be said. */
export function endReply(state: ReplyState, context: ReplyContext, nowMs: number): ReplyState {
  if (state.phase === "ended") return state;
  const closed = layOut(closeProgress(flush(state, nowMs)), context, true);
  return {
    ...closed,
    phase: "ended",
    parts: closed.parts.map((part) => (part.state === "open" ? leftOver(part, context) : part)),
  };
}

/** More than these are not worth reading. */
const toolsShown = 20;

function startTool(state: ReplyState, { callId, title }: Extract<AgentEvent, { type: "tool-start" }>): ReplyState {
  const others = state.tools.filter((tool) => tool.callId !== callId);
  return { ...state, tools: [...others, { callId, title, state: "running" } as const].slice(-toolsShown) };
}

function endTool(state: ReplyState, { callId, outcome }: Extract<AgentEvent, { type: "tool-end" }>): ReplyState {
  const ended = outcome === "done" ? "done" : "failed";
  return { ...state, tools: state.tools.map((tool) => (tool.callId === callId ? { ...tool, state: ended } : tool)) };
}

/** Tools that are over have led to what is said now. */
function withoutTools(state: ReplyState, text: string): ReplyState {
  if (state.tools.length === 0 || !isVisible(text)) return state;
  return { ...state, tools: state.tools.filter((tool) => tool.state === "running") };
}

/** What comes after it may be said once more by a later process; so what came before it goes no further than here. */
function takeCheckpoint(state: ReplyState, context: ReplyContext, nowMs: number): ReplyState {
  const ended = endSegment(state, context, nowMs);
  return { ...(joinsSegments(ended, context) ? layOut(ended, context, false) : ended), step: state.step + 1 };
}

function takeText(state: ReplyState, text: string, nowMs: number): ReplyState {
  if (text === "") return state;
  const before = isVisible(text) ? closeProgress(state) : state;
  const isFirst = before.firstTextAtMs === null && isVisible(text);
  return { ...before, pending: before.pending + text, firstTextAtMs: isFirst ? nowMs : before.firstTextAtMs };
}

function endSegment(state: ReplyState, context: ReplyContext, nowMs: number): ReplyState {
  const flushed = flush(state, nowMs);
  return joinsSegments(state, context) ? withBlankLine(flushed) : layOut(flushed, context, true);
}

function takeNotice(state: ReplyState, text: string, context: ReplyContext, nowMs: number): ReplyState {
  if (!isVisible(text)) return state;
  const flushed = flush(state, nowMs);
  if (isScarce(context)) return withBlankLine(takeText(withBlankLine(flushed), text, nowMs));
  const closed = layOut(closeProgress(flushed), context, true);
  const contents: readonly Content[] = noticeContents("notice", text, closed, context);
  return { ...closed, parts: fillParts(closed.parts, openIndex(closed), contents) };
}

function flush(state: ReplyState, nowMs: number): ReplyState {
  const { state: filter, text } = endReasoning(state.filter);
  return takeText({ ...state, filter }, text, nowMs);
}

/** What comes next is a paragraph of its own, in the same message. */
function withBlankLine(state: ReplyState): ReplyState {
  const open = state.parts[openIndex(state)];
  const source = (open?.source ?? "") + state.pending;
  if (!isVisible(source)) return state;
  const fence = fenceAfter(source, openedFence(open?.fence ?? ""));
  if (fence === null && source.endsWith("\n\n")) return state;
  const closing = fence === null ? "" : `${source.endsWith("\n") ? "" : "\n"}${closingFenceLine(fence, false)}`;
  return { ...state, pending: `${state.pending}${closing}\n\n` };
}
