import type { Action } from "../message.ts";
import { isVisible } from "../text/length.ts";
import type { Coverage, Part, PartFile, ReplyContext } from "./state.ts";

const nothing: Coverage = { desired: 0, inFlight: 0, shown: 0, maybeShown: 0 };

/** What a part is to say. Contents wait in parts that were never sent, and move on when one before them grows or fails. */
export interface Content {
  readonly kind: Part["kind"];
  readonly source: string;
  readonly fence: string;
  /** Empty: still to be laid out. */
  readonly texts: readonly string[];
  /** How many characters of `source` the texts say. */
  readonly covers: number;
  readonly closed: boolean;
  /** How many checkpoints the agent had made when it was said. */
  readonly step: number;
  readonly files?: readonly PartFile[];
  readonly actions?: readonly (readonly Action[])[];
}

/** A part that says nothing yet. */
export function newPart(index: number): Part {
  return {
    index,
    kind: "text",
    desired: [],
    desiredRevision: 0,
    shown: [],
    shownRevision: 0,
    maybeShown: [],
    inFlightRevision: null,
    inFlightTexts: [],
    refs: [],
    state: "open",
    marked: false,
    pinned: false,
    attempts: 0,
    failure: null,
    firstCalledAtMs: null,
    step: 0,
    edits: 0,
    firstShownAtMs: null,
    live: "none",
    liveUntilMs: null,
    source: "",
    fence: "",
    covers: nothing,
  };
}

export function isSettled(part: Part): boolean {
  switch (part.state) {
    case "open":
    case "closed":
      return false;
    case "sent":
    case "unknown":
    case "failed":
      return true;
  }
}

/** The part with its last word spoken: what it stands for from now on is `texts`. */
export function settled(part: Part, state: "sent" | "unknown" | "failed", texts: readonly string[]): Part {
  return {
    ...part,
    state,
    desired: texts,
    shownRevision: state === "sent" ? part.desiredRevision : part.shownRevision,
    inFlightRevision: null,
    inFlightTexts: [],
    maybeShown: [],
    pinned: false,
    live: "none",
    liveUntilMs: null,
    source: "",
    fence: "",
    covers: nothing,
  };
}

export function contentOf(part: Part): Content {
  return {
    kind: part.kind,
    source: part.source,
    fence: part.fence,
    texts: part.desired,
    covers: part.covers.desired,
    closed: part.state === "closed",
    step: part.step,
    ...extrasOf(part),
  };
}

/** What goes out beside the text. */
function extrasOf({ files, actions }: Pick<Part, "files" | "actions">): Pick<Part, "files" | "actions"> {
  return { ...(files === undefined ? {} : { files }), ...(actions === undefined ? {} : { actions }) };
}

/** What waits in the parts from `from` on. */
export function contentsFrom(parts: readonly Part[], from: number): readonly Content[] {
  return parts
    .slice(from)
    .filter((part) => !isSettled(part) && !isVacant(part) && !isBound(part))
    .map(contentOf);
}

/** Nothing is to be said in it: its messages, if it has some, wait to be written over. */
export function isVacant(part: Part): boolean {
  return part.state === "open" && part.source === "" && part.fence === "";
}

/** Its files may be on their way already: nothing else can be sent in their place. */
function isBound(part: Part): boolean {
  return part.files !== undefined && part.firstCalledAtMs !== null;
}

/** Nothing was ever sent for it: it can become a message with files. */
function isFresh(part: Part): boolean {
  return part.refs.length === 0 && part.live === "none" && part.firstCalledAtMs === null && !part.marked && !part.pinned;
}

/** Puts `contents` into the parts from `from` on, in order, adding parts as needed. Parts left over become vacant. */
export function fillParts(parts: readonly Part[], from: number, contents: readonly Content[]): readonly Part[] {
  const filled = parts.slice(0, from);
  let next = 0;
  for (const part of parts.slice(from)) {
    if (isSettled(part) || isBound(part)) {
      filled.push(part);
      continue;
    }
    const content = contents[next];
    if (content?.files !== undefined && !isFresh(part)) {
      filled.push(withdrawn(part));
      continue;
    }
    if (content !== undefined) next += 1;
    filled.push(content === undefined ? vacated(part) : withContent(part, content));
  }
  for (const content of contents.slice(next)) filled.push(withContent(newPart(filled.length), content));
  return filled;
}

export function replacePart(parts: readonly Part[], part: Part): readonly Part[] {
  return parts.with(part.index, part);
}

export function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** A part of an earlier run, or one whose content moved on: ready for other content. */
export function vacated({ files: _files, actions: _actions, ...part }: Part): Part {
  return {
    ...part,
    kind: "text",
    state: "open",
    source: "",
    fence: "",
    covers: nothing,
    // What stands there, or nothing: until there is something to say, there is nothing to do.
    desired: part.shown,
    desiredRevision: Math.max(part.desiredRevision, part.shownRevision),
    shownRevision: part.shownRevision === 0 ? 0 : Math.max(part.desiredRevision, part.shownRevision),
  };
}

function withContent({ files: _files, actions: _actions, ...part }: Part, content: Content): Part {
  // A live message has to be finished even if it shows all the text already.
  const finishes = content.closed && part.state === "open" && part.live !== "none";
  const changes = finishes || !sameTexts(part.desired, content.texts);
  return {
    ...part,
    kind: content.kind,
    state: content.closed ? "closed" : "open",
    source: content.source,
    fence: content.fence,
    desired: content.texts,
    desiredRevision: changes ? part.desiredRevision + 1 : part.desiredRevision,
    covers: { ...part.covers, desired: content.covers },
    step: content.step,
    ...extrasOf(content),
  };
}

/** Its messages are in the way of what comes next: they go where they can be removed, and else they stay. */
function withdrawn(part: Part): Part {
  if (part.refs.length > 0) {
    const free = vacated(part);
    return { ...free, state: "closed", desired: [], desiredRevision: free.desiredRevision + 1 };
  }
  return part.marked || part.pinned ? settled(part, "unknown", part.inFlightTexts) : settled(part, "sent", part.shown);
}

export function hasText(content: Content): boolean {
  if (content.files !== undefined) return true;
  return isVisible(content.source) || content.fence !== "";
}

/** What an open part without text becomes at the end: messages of an earlier run that nothing was written over. */
export function leftOver(part: Part, { capabilities }: ReplyContext): Part {
  if (part.refs.length > 0 && capabilities.remove !== false) {
    return { ...part, state: "closed", desired: [], desiredRevision: part.desiredRevision + 1 };
  }
  const mayStand = part.refs.length === 0 && (part.marked || part.pinned);
  return mayStand ? settled(part, "unknown", part.inFlightTexts) : settled(part, "sent", part.shown);
}
