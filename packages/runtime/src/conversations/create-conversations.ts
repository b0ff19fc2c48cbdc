import type { SessionKey } from "@hermes/core";
import type { Page } from "../ledger/ledger.ts";
import type { SessionRecord, Store } from "../store.ts";
import type { Conversation, ConversationQuery, Conversations, Found, HistoryQuery, Message } from "./conversations.ts";
import { cursorOf, cursorText, parseCursor } from "./history-cursor.ts";
import { messagesOfEntry, messagesOfNotice, messageOfWaiting } from "./messages.ts";

/** What conversations are read out of. */
export interface ConversationsParts {
  readonly store: Store;
  readonly isRunning: (key: SessionKey) => boolean;
}

const pageRows = 200;
/** Rows looked at for one page of one platform's conversations. */
const maxRowsLookedAt = 4000;
const maxTitleLength = 80;

/** The conversations of a store. */
export function createConversations({ store, isRunning }: ConversationsParts): Conversations {
  const toConversation = (record: SessionRecord): Conversation => ({
    sessionKey: record.key,
    title: titleOf(record),
    chat: record.chat,
    createdAtMs: record.createdAtMs,
    updatedAtMs: record.updatedAtMs,
    isRunning: isRunning(record.key),
  });
  return {
    async list({ platform, limit, after }: ConversationQuery): Promise<Page<Conversation>> {
      const rows: SessionRecord[] = [];
      let before = after === undefined ? undefined : parsePlace(after);
      for (let looked = 0; looked < maxRowsLookedAt;) {
        const page = await store.listSessions({ limit: pageRows, ...(before === undefined ? {} : { before }) });
        const fitting = page.filter(({ chat }) => platform === undefined || chat.ref.platform === platform);
        rows.push(...fitting);
        looked += page.length;
        before = page.at(-1);
        if (rows.length > limit || page.length < pageRows) {
          const last = rows[limit - 1];
          const more = rows.length > limit && last !== undefined ? { next: placeOf(last) } : {};
          return { rows: rows.slice(0, limit).map(toConversation), ...more };
        }
      }
      return { rows: rows.map(toConversation), ...(before === undefined ? {} : { next: placeOf(before) }) };
    },

    async history({ sessionKey, limit, before }: HistoryQuery): Promise<Page<Message>> {
      const cursor = before === undefined ? undefined : parseCursor(before);
      // One more of each than is wanted: whether there is anything before this page.
      const query = { sessionKey, limit: limit + 1, ...(cursor === undefined ? {} : { before: cursor }) };
      const { entries, notices, waiting } = await store.listSaid(query);
      const said = newestFirst(
        entries.map((entry) => ({ atMs: entry.atMs, entry, messages: messagesOfEntry(entry) })),
        notices.map((notice) => ({ atMs: notice.atMs, notice, messages: messagesOfNotice(notice) })),
      );
      const page = said.slice(0, limit);
      const rows = page
        .toReversed()
        .flatMap(({ messages }) => messages)
        .toSorted((a, b) => a.atMs - b.atMs);
      const next = said.length > limit ? { next: cursorText(cursorOf(page, cursor)) } : {};
      return { rows: [...rows, ...waiting.map(messageOfWaiting)], ...next };
    },

    async search(query): Promise<readonly Found[]> {
      const hits = await store.search(query);
      const titles = new Map<SessionKey, string>();
      for (const { sessionKey } of hits) {
        if (titles.has(sessionKey)) continue;
        const record = await store.findSession(sessionKey);
        titles.set(sessionKey, record === undefined ? "" : titleOf(record));
      }
      return hits.map((hit) => ({ ...hit, title: titles.get(hit.sessionKey) ?? "" }));
    },

    async title(sessionKey, title) {
      const given = title.trim();
      return await store.titleSession({ sessionKey, title: given === "" ? undefined : given });
    },

    async delete(sessionKey) {
      if (isRunning(sessionKey)) return "busy";
      let isAny = false;
      for (;;) {
        const answer = await store.deleteSessions(sessionKey);
        if (answer === "busy") return "busy";
        if (answer === "absent") return isAny ? "done" : "absent";
        isAny = true;
      }
    },
  };
}

/** Each list stays in its own order, which is the one its pages are cut in, whatever the clock said meanwhile. */
function newestFirst<A extends { readonly atMs: number }, B extends { readonly atMs: number }>(
  entries: readonly A[],
  notices: readonly B[],
): readonly (A | B)[] {
  const merged: (A | B)[] = [];
  const [left, right] = [[...entries], [...notices]];
  for (;;) {
    const [[entry], [notice]] = [left, right];
    const isEntryNext = entry !== undefined && (notice === undefined || entry.atMs >= notice.atMs);
    const next = isEntryNext ? left.shift() : right.shift();
    if (next === undefined) return merged;
    merged.push(next);
  }
}

function titleOf({ title, opening = "" }: SessionRecord): string {
  if (title !== undefined) return title;
  const line = opening.split("\n").find((each) => each.trim() !== "") ?? "";
  return line.length > maxTitleLength ? `${line.trim().slice(0, maxTitleLength - 1)}…` : line.trim();
}

function placeOf({ updatedAtMs, id }: Pick<SessionRecord, "updatedAtMs" | "id">): string {
  return `${updatedAtMs}.${id}`;
}

function parsePlace(text: string): { readonly updatedAtMs: number; readonly id: string } {
  const dot = text.indexOf(".");
  const updatedAtMs = Number(text.slice(0, dot));
  // A place nobody was given leads to the beginning.
  return dot < 1 || !Number.isFinite(updatedAtMs)
    ? { updatedAtMs: Number.MAX_SAFE_INTEGER, id: "" }
    : { updatedAtMs, id: text.slice(dot + 1) };
}
