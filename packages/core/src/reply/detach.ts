import { contentAfter, fillContents, noticeContents } from "./lay-out.ts";
import { contentOf, contentsFrom, hasText, replacePart, settled, type Content } from "./parts.ts";
import type { Part, ReplyContext, ReplyState } from "./state.ts";

/**
 * Leaves a part as it stands: what that leaves unsaid goes on in the parts behind it. Where a call that seemed to fail may have
 * changed what stands there, the policy for unknown sends decides: what may be missing is said again, or what may be there is left.
 */
export function leaveStanding(state: ReplyState, context: ReplyContext, part: Part): ReplyState {
  const { covers, shown, maybeShown } = part;
  if (maybeShown.length === 0 || covers.maybeShown === covers.shown) {
    return detach(state, context, settled(part, "sent", shown), part, covers.shown, false);
  }
  const [less, more] = covers.shown < covers.maybeShown ? [shown, maybeShown] : [maybeShown, shown];
  switch (context.unknown) {
    case "leave":
    case "ask":
      return detach(state, context, settled(part, "unknown", more), part, Math.max(covers.shown, covers.maybeShown), false);
    case "repeat-marked":
      return detach(state, context, settled(part, "unknown", less), part, Math.min(covers.shown, covers.maybeShown), true);
  }
}

/** Leaves a part whose send may have happened: what that send did not say goes on in the parts behind it. */
export function leaveUnknown(state: ReplyState, context: ReplyContext, part: Part): ReplyState {
  const left = detach(state, context, settled(part, "unknown", part.inFlightTexts), part, part.covers.inFlight, false);
  if (context.unknown !== "ask") return left;
  return insertAfter(left, context, part.index, noticeContents("undelivered", context.phrases.uncertain, left, context));
}

/** The messages of a part are gone, or cannot be used any more: it is left empty, and all of it is said anew behind it. */
export function startAnew(state: ReplyState, context: ReplyContext, part: Part): ReplyState {
  // A send of it that seemed to fail may have made a message that nobody knows; a live message whose end seemed to fail may have
  // ended with it, and is not gone at all.
  const mayHaveEnded = part.live !== "none" && part.maybeShown.length > 0;
  const mayStand = part.marked || part.pinned || mayHaveEnded;
  const gone: Part = { ...settled(part, mayStand ? "unknown" : "sent", []), shown: [], refs: [] };
  return detach(state, context, gone, part, 0, mayStand);
}

/** Puts contents between a part and what waits behind it. */
export function insertAfter(state: ReplyState, context: ReplyContext, index: number, contents: readonly Content[]): ReplyState {
  const waiting = contentsFrom(state.parts, index + 1);
  return { ...state, parts: fillContents(state, context, index + 1, [...contents, ...waiting]) };
}

/**
 * Replaces a part by how it ended. The first `covered` characters of its text are done with (where text has moved on from it, also
 * those of the next parts); the rest of it, marked if asked, comes before what waits behind it.
 */
function detach(
  before: ReplyState,
  context: ReplyContext,
  ended: Part,
  part: Part,
  covered: number,
  isRepeated: boolean,
): ReplyState {
  const content = contentOf(part);
  const next = part.index + 1;
  // Once it was shown it is not worth a second message, and no text has moved on from it.
  const isDone = part.kind === "progress" && part.shownRevision > 0;
  const done = part.kind === "progress" ? Math.min(covered, content.source.length) : covered;
  const rest = isDone || done > content.source.length ? [] : [contentAfter(content, done)];
  const waiting = skip(contentsFrom(before.parts, next), done - content.source.length);
  const state: ReplyState = { ...before, parts: replacePart(before.parts, ended) };
  const parts = fillContents(state, context, next, [...rest, ...waiting], isRepeated);
  const first = parts[next];
  const isMarked = isRepeated && first !== undefined && rest.some(hasText);
  return { ...state, parts: isMarked ? replacePart(parts, { ...first, marked: true }) : parts };
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
