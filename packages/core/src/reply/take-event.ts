import type { AgentEvent } from "../agent.ts";
import { closingFenceLine, openedFence } from "../text/fence.ts";
import { isVisible } from "../text/length.ts";
import { fenceAfter } from "../text/lines.ts";
import { filterReasoning, endReasoning } from "../text/reasoning-filter.ts";
import { isScarce, joinsSegments, layOut, noticeContents, openIndex } from "./lay-out.ts";
import { fillParts, leftOver, type Content } from "./parts.ts";
import type { ReplyContext, ReplyState } from "./state.ts";

/** Takes in what the agent says; what is not for the reader changes nothing. */
export function takeEvent(state: ReplyState, event: AgentEvent, context: ReplyContext, nowMs: number): ReplyState {
  if (state.phase === "ended") return state;
  switch (event.type) {
    case "text-delta": {
      const { state: filter, text } = filterReasoning(state.filter, event.text);
      return takeText({ ...state, filter }, text, nowMs);
    }
    case "segment-end":
    case "tool-start":
      return endSegment(state, context, nowMs);
    case "notice":
      return takeNotice(state, event.text, context, nowMs);
    case "file":
      return takeNotice(state, context.phrases.fileRefused(event.file.name), context, nowMs);
    default:
      return state;
  }
}

/** Closes all that is open: nothing more will be said. */
export function endReply(state: ReplyState, context: ReplyContext, nowMs: number): ReplyState {
  if (state.phase === "ended") return state;
  const closed = layOut(flush(state, nowMs), context, true);
  return {
    ...closed,
    phase: "ended",
    parts: closed.parts.map((part) => (part.state === "open" ? leftOver(part, context) : part)),
  };
}

function takeText(state: ReplyState, text: string, nowMs: number): ReplyState {
  if (text === "") return state;
  const isFirst = state.firstTextAtMs === null && isVisible(text);
  return { ...state, pending: state.pending + text, firstTextAtMs: isFirst ? nowMs : state.firstTextAtMs };
}

function endSegment(state: ReplyState, context: ReplyContext, nowMs: number): ReplyState {
  const flushed = flush(state, nowMs);
  return joinsSegments(state, context) ? withBlankLine(flushed) : layOut(flushed, context, true);
}

function takeNotice(state: ReplyState, text: string, context: ReplyContext, nowMs: number): ReplyState {
  if (!isVisible(text)) return state;
  const flushed = flush(state, nowMs);
  if (isScarce(context)) return withBlankLine(takeText(withBlankLine(flushed), text, nowMs));
  const closed = layOut(flushed, context, true);
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
