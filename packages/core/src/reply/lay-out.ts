import { growMarkdown, healMarkdown, showMarkdown, type InterimMarkdown } from "../text/heal-markdown.ts";
import { openingText, parseOpening } from "../text/opening.ts";
import { sliceSource } from "../text/slice.ts";
import { splitMarkdown, type MarkdownPart } from "../text/split-markdown.ts";
import { contentOf, contentsFrom, fillParts, hasText, newPart, type Content } from "./parts.ts";
import { fits, roomFor, type Room } from "./room.ts";
import type { Part, ReplyContext, ReplyState } from "./state.ts";

/**
 * Brings the text that has arrived into parts: the open part grows, and where it has become too long its first pieces are closed
 * and the rest goes on in the next. With `close` nothing stays open.
 */
export function layOut(state: ReplyState, context: ReplyContext, close: boolean): ReplyState {
  const at = openIndex(state);
  const open = state.parts[at] ?? newPart(at);
  const content = grown(open, state, close);
  if (!close && !hasText(content)) return state;
  const contents = close ? layOutClosed(content, open, state, context) : layOutOpen(content, open, state, context);
  return {
    ...state,
    parts: fillParts(state.parts, at, contents),
    pending: "",
    firstTextAtMs: close ? null : state.firstTextAtMs,
  };
}

/** Closes the open part where its text happens to be; what comes after goes on in the next part, also inside a code fence. */
export function sealOpen(state: ReplyState, context: ReplyContext): ReplyState {
  const at = openIndex(state);
  const open = state.parts[at] ?? newPart(at);
  const content = grown(open, state, true);
  // Not within a line that opens or closes a fence.
  const { covered } = growMarkdown(content.source, content.fence);
  const said = { ...content, source: content.source.slice(0, covered) };
  const rest: Content = { ...contentAfter(content, covered), closed: false };
  const contents = [...layOutClosed(said, open, state, context), ...[rest].filter(hasText)];
  return { ...state, parts: fillParts(state.parts, at, contents), pending: "" };
}

/** Lays out anew what waits in the parts from `from` on, after the limit became lower. */
export function layOutAgain(state: ReplyState, context: ReplyContext, from: number): ReplyState {
  return { ...state, parts: fillContents(state, context, from, contentsFrom(state.parts, from)) };
}

/** Puts contents into the parts from `from` on, those that are closed cut so that they fit. `isRepeated`: the first will be marked. */
export function fillContents(
  state: ReplyState,
  context: ReplyContext,
  from: number,
  contents: readonly Content[],
  isRepeated = false,
): readonly Part[] {
  const given = state.parts[from] ?? newPart(from);
  const first = isRepeated ? { ...given, marked: true } : given;
  const room = roomFor(context, state.maxLength, first.marked);
  const laidOut = contents.filter(hasText).flatMap((content, index) => {
    // It is not worth two messages.
    if (content.kind === "progress") return content.texts.every((text) => fits(room, text)) ? [content] : [];
    if (!content.closed) return [{ ...content, texts: [], covers: 0 }];
    const ready = content.texts.length > 0 && content.texts.every((text) => fits(room, text));
    return ready || content.files !== undefined
      ? [content]
      : layOutClosed(content, index === 0 ? first : newPart(from), state, context);
  });
  return fillParts(state.parts, from, laidOut);
}

/** A notice: parts of its own, closed at once. */
export function noticeContents(
  kind: Content["kind"],
  text: string,
  state: ReplyState,
  context: ReplyContext,
): readonly Content[] {
  const content: Content = { kind, source: text, fence: "", texts: [], covers: 0, closed: true, step: state.step };
  return layOutClosed(content, newPart(0), state, context);
}

/** What of a content is left once its first `covered` characters are said. */
export function contentAfter(content: Content, covered: number): Content {
  if (content.files !== undefined || content.kind === "progress")
    return covered === 0 ? content : { ...withoutFiles(content), source: "", texts: [], covers: 0 };
  const opening = sliceSource(content.source.slice(0, covered), parseOpening(content.fence)).openingAt(covered);
  const rest = content.source.slice(covered);
  const isWithinLine = covered > 0 && content.source[covered - 1] !== "\n";
  return {
    ...content,
    // White space at a cut is shown on neither side; in code only the line break is.
    source: isWithinLine ? rest.replace(opening?.kind === "fence" ? /^\r?\n/u : /^[ \t]+/u, "") : rest,
    fence: openingText(opening),
    texts: [],
    covers: 0,
  };
}

function withoutFiles({ files: _files, ...content }: Content): Content {
  return content;
}

/** The part that text goes into now, or where the next one will be. */
export function openIndex({ parts, current }: ReplyState): number {
  for (let index = current; index < parts.length; index++) {
    const part = parts[index];
    if (part?.state === "open" && part.kind !== "progress") return index;
  }
  return parts.length;
}

/** Text that belongs to one message although the agent made a break in it. */
export function joinsSegments(state: ReplyState, context: ReplyContext): boolean {
  return state.mode === "final" || isScarce(context);
}

export function isScarce({ grant }: ReplyContext): boolean {
  return grant?.uses !== undefined;
}

/** The open part's content with what has arrived since. A message that begins within a line begins without its space. */
function grown(open: Part, { pending, step }: ReplyState, closed: boolean): Content {
  const content: Content = { ...contentOf(open), texts: [], closed };
  if (open.source !== "" || open.fence !== "") return { ...content, source: open.source + pending };
  return { ...content, source: pending.replace(/^[ \t]{1,3}(?=[\p{L}\p{N}])/u, ""), step };
}

function layOutOpen(content: Content, open: Part, state: ReplyState, context: ReplyContext): readonly Content[] {
  const room = roomFor(context, state.maxLength, open.marked);
  const { source, fence } = content;
  const grows = isAppended(open, state);
  const healed = grows ? undefined : healMarkdown(source, fence);
  if (healed !== undefined && fits(room, healed.text)) return [openContent(content, healed)];
  const pieces = splitMarkdown(source, { ...room, fence, atLeast: grows ? standing(open) : 0 });
  const last = pieces.at(-1);
  if (last === undefined) return [openContent(content, { text: "", covered: 0 })];
  const rest: Content = { ...content, source: source.slice(last.start), fence: last.fence };
  const before = pieces.slice(0, -1).map((piece) => closedContent(content, [piece]));
  if (grows) return [...before, openContent(rest, growWithin(rest, before.length === 0 ? standing(open) : 0, room))];
  const shown = healMarkdown(rest.source, rest.fence);
  return [...before, openContent(rest, fits(room, shown.text) ? shown : { text: last.text, covered: rest.source.length })];
}

/**
 * What a message shows that may only grow: all of it, but only what leaves room for the line that closes its fence, and near the
 * limit only whole lines, since in the middle of one it could not be cut well. At least what stands there.
 */
function growWithin({ source, fence }: Content, standing: number, room: Room): InterimMarkdown {
  const all = growMarkdown(source, fence);
  const size = (shown: InterimMarkdown): number => room.measure(showMarkdown(source.slice(0, shown.covered), fence));
  if (room.maxLength === null || size(all) <= room.maxLength * 0.75) return all;
  // What stands there is not held back again for looking unfinished: the line break says that it is not.
  const until = (end: number): InterimMarkdown => growMarkdown(`${source.slice(0, end)}\n`, fence);
  const lines = until(Math.max(standing, source.lastIndexOf("\n") + 1));
  return size(lines) <= room.maxLength ? lines : until(standing);
}

/** Where nothing of it can be shown yet, all of it counts as laid out: there is nothing to do until more arrives. */
function openContent(content: Content, { text, covered }: InterimMarkdown): Content {
  return { ...content, texts: text === "" ? [] : [text], covers: text === "" ? content.source.length : covered };
}

function layOutClosed(content: Content, first: Part, state: ReplyState, context: ReplyContext): readonly Content[] {
  const atLeast = isAppended(first, state) ? standing(first) : 0;
  const pieces = splitMarkdown(content.source, {
    ...roomFor(context, state.maxLength, first.marked),
    fence: content.fence,
    atLeast,
  });
  const perPart = first.live === "none" && first.refs.length === 0 ? textsPerPart(context) : 1;
  const contents: Content[] = [];
  for (let index = 0; index < pieces.length; index += perPart)
    contents.push(closedContent(content, pieces.slice(index, index + perPart)));
  return contents;
}

function closedContent(content: Content, pieces: readonly MarkdownPart[]): Content {
  const source = content.source.slice(pieces[0]?.start ?? 0, pieces.at(-1)?.end ?? 0);
  return {
    ...content,
    source,
    fence: pieces[0]?.fence ?? "",
    texts: pieces.map((piece) => piece.text),
    covers: source.length,
    closed: true,
  };
}

/** What is edited later has to be one text; where nothing can be edited, a send carries as much as it may. */
function textsPerPart({ capabilities, grant }: ReplyContext): number {
  if (capabilities.edit !== false) return 1;
  const { partsPerSend } = capabilities.text;
  return Math.max(1, grant === undefined ? partsPerSend : Math.min(partsPerSend, grant.partsPerUse ?? 1));
}

function isAppended(part: Part, state: ReplyState): boolean {
  return part.live === "append" || (part.live === "opening" && state.mode === "live-append");
}

/** How many characters of a part that may only grow stand there, or may. */
function standing({ covers, inFlightRevision }: Part): number {
  return Math.max(covers.shown, covers.maybeShown, inFlightRevision === null ? 0 : covers.inFlight);
}
