import type { SaidQuery } from "../store.ts";

/** Where a page of a conversation ends: everything before these is not read yet. */
export type HistoryCursor = NonNullable<SaidQuery["before"]>;

const start: HistoryCursor = { entryId: Number.MAX_SAFE_INTEGER, replyId: "~" };

/** The place behind which a page ends that began at `from`. */
export function cursorOf(
  page: readonly { readonly entry?: { readonly id: number }; readonly notice?: { readonly replyId: string } }[],
  from: HistoryCursor = start,
): HistoryCursor {
  const entryIds = page.flatMap(({ entry }) => (entry === undefined ? [] : [entry.id]));
  const replyIds = page.flatMap(({ notice }) => (notice === undefined ? [] : [notice.replyId]));
  return {
    entryId: Math.min(from.entryId, ...entryIds),
    replyId: replyIds.reduce((least, id) => (id < least ? id : least), from.replyId),
  };
}

/** A cursor as the text that people hand around. */
export function cursorText({ entryId, replyId }: HistoryCursor): string {
  return `${entryId}.${replyId}`;
}

/** The cursor in a text; one that nobody was given leads to the beginning. */
export function parseCursor(text: string): HistoryCursor {
  const match = /^(?<entry>\d{1,16})\.(?<reply>.{0,200})$/u.exec(text);
  const entryId = Number(match?.groups?.["entry"]);
  return match === null || !Number.isSafeInteger(entryId) ? start : { entryId, replyId: match.groups?.["reply"] ?? "~" };
}
