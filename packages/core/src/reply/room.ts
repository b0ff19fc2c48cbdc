import type { Capabilities } from "../capabilities.ts";
import { isVisible } from "../text/length.ts";
import type { ReplyContext } from "./state.ts";

/** How much one text may hold, the repeat mark counted in where it may be needed. */
export interface Room {
  readonly maxLength: number | null;
  readonly measure: (markdown: string) => number;
}

/** Between the mark and the text, so that headings, code and tables stay what they are. */
const gap = "\n\n";

export function roomFor(context: ReplyContext, maxLength: number | null, isMarked: boolean): Room {
  if ((!isMarked && context.unknown !== "repeat-marked") || !mayMark(context, maxLength))
    return { maxLength, measure: (markdown) => context.measure(markdown) };
  return { maxLength, measure: (markdown) => context.measure(context.phrases.repeatMark + gap + markdown) };
}

export function fits(room: Room, text: string): boolean {
  return room.maxLength === null || room.measure(text) <= room.maxLength;
}

/** The texts with the repeat mark in front. Where the limit is so small that the mark would fill it, it is left out. */
export function withMark(texts: readonly string[], context: ReplyContext, maxLength: number | null): readonly string[] {
  const [first, ...others] = texts;
  if (first === undefined || !mayMark(context, maxLength)) return texts;
  return [context.phrases.repeatMark + gap + first, ...others];
}

/** A send whose outcome nobody heard can be repeated as it was: its platform drops the repetition, or says whether it happened. */
export function canTellSends({ idempotentSend, lookup }: Pick<Capabilities, "idempotentSend" | "lookup">): boolean {
  return idempotentSend !== false || lookup;
}

/** The same, however long ago it was. */
function canAlwaysTell({ idempotentSend, lookup }: Capabilities): boolean {
  return idempotentSend === true || lookup;
}

/** Until when the platform can tell, in milliseconds since the epoch, of a send that was first tried at `firstCalledAtMs`. */
export function tellsUntilMs({ idempotentSend, lookup }: Capabilities, firstCalledAtMs: number): number {
  return typeof idempotentSend === "boolean" || lookup ? Number.POSITIVE_INFINITY : firstCalledAtMs + idempotentSend.withinMs;
}

/** A key keeps a send from happening twice, but not what a live message has shown. */
function mayMark({ capabilities, phrases, measure }: ReplyContext, maxLength: number | null): boolean {
  // Also where nothing is repeated by itself: a person may ask for it, and then it is laid out anew if the mark makes it too long.
  if ((canAlwaysTell(capabilities) && !capabilities.live) || !isVisible(phrases.repeatMark)) return false;
  return maxLength === null || measure(phrases.repeatMark + gap) <= maxLength / 2;
}
