import { contentAfter, fillContents } from "./lay-out.ts";
import { contentOf, contentsFrom, replacePart, settled, type Content } from "./parts.ts";
import type { Part, ReplyContext, ReplyState } from "./state.ts";

/**
 * Leaves a part as it stands, with the first `covered` characters of its text (or, where text has moved on from it, also of the
 * next parts'): what that leaves unsaid goes on in the parts behind it.
 */
export function detach(
  state: ReplyState,
  context: ReplyContext,
  part: Part,
  as: "sent" | "unknown",
  covered: number,
): ReplyState {
  const content = contentOf(part);
  const rest = covered <= content.source.length ? [contentAfter(content, covered)] : [];
  const waiting = skip(contentsFrom(state.parts, part.index + 1), covered - content.source.length);
  const ended = settled(part, as, as === "sent" ? part.shown : part.inFlightTexts);
  return goOn({ ...state, parts: replacePart(state.parts, ended) }, context, part.index + 1, [...rest, ...waiting]);
}

/** The messages of a part are gone, or cannot be used any more: it is left empty, and all of it is said anew behind it. */
export function startAnew(state: ReplyState, context: ReplyContext, part: Part): ReplyState {
  const gone: Part = { ...settled(part, "sent", []), shown: [], refs: [] };
  const contents = [contentAfter(contentOf(part), 0), ...contentsFrom(state.parts, part.index + 1)];
  return goOn({ ...state, parts: replacePart(state.parts, gone) }, context, part.index + 1, contents);
}

/** Puts contents between a part and what waits behind it. */
export function insertAfter(state: ReplyState, context: ReplyContext, index: number, contents: readonly Content[]): ReplyState {
  return goOn(state, context, index + 1, [...contents, ...contentsFrom(state.parts, index + 1)]);
}

function goOn(state: ReplyState, context: ReplyContext, from: number, contents: readonly Content[]): ReplyState {
  return { ...state, parts: fillContents(state, context, from, contents) };
}

function skip(contents: readonly Content[], surplus: number): readonly Content[] {
  let left = surplus;
  return contents.flatMap((content) => {
    if (left <= 0) return [content];
    const skipped = Math.min(left, content.source.length);
    left -= skipped;
    const rest = contentAfter(content, skipped);
    return content.closed && skipped === content.source.length ? [] : [rest];
  });
}
