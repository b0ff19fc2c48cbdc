import { setImmediate } from "node:timers/promises";
import type { SessionKey } from "@hermes/core";
import type { SearchHit } from "@hermes/runtime";
import type { Database } from "better-sqlite3";

/** What is looked for. */
export interface SearchRequest {
  readonly text: string;
  readonly limit: number;
  readonly sessionKey?: SessionKey;
}

/** The index knows sequences of three characters; shorter texts are looked for row by row. */
const indexedFrom = 3;
/** Rows looked at between two turns of the event loop. */
const scanSlice = 2000;

const columns = `entries.role AS role, entries.text AS text, entries.turn_id AS turnId, entries.at_ms AS atMs,
  entries.session_id AS sessionId, sessions.key AS sessionKey`;

/** Newest first. The index must be up to date. */
export async function search(database: Database, request: SearchRequest): Promise<readonly SearchHit[]> {
  if (request.text === "") return [];
  const length = Array.from(request.text).length;
  return length >= indexedFrom ? searchIndex(database, request) : await scan(database, request);
}

function searchIndex(database: Database, { text, limit, sessionKey }: SearchRequest): readonly SearchHit[] {
  // As one quoted string nothing in it is an operator.
  const phrase = `"${text.replaceAll('"', '""').replaceAll("\u0000", "")}"`;
  return database
    .prepare(
      `SELECT ${columns} FROM entries_search
         JOIN entries ON entries.id = entries_search.rowid
         JOIN sessions ON sessions.id = entries.session_id
       WHERE entries_search MATCH ? AND (? IS NULL OR sessions.key = ?)
       ORDER BY entries_search.rowid DESC LIMIT ?`,
    )
    .all(phrase, sessionKey ?? null, sessionKey ?? null, limit) as SearchHit[];
}

async function scan(database: Database, { text, limit, sessionKey }: SearchRequest): Promise<readonly SearchHit[]> {
  const pattern = `%${text.replace(/[\\%_]/gu, (character) => `\\${character}`)}%`;
  const slice = database.prepare(
    `SELECT ${columns} FROM (SELECT * FROM entries WHERE id <= ? AND id > ? ORDER BY id DESC) AS entries
       JOIN sessions ON sessions.id = entries.session_id
     WHERE entries.text LIKE ? ESCAPE '\\' AND (? IS NULL OR sessions.key = ?)
     ORDER BY entries.id DESC LIMIT ?`,
  );
  const hits: SearchHit[] = [];
  let top = Number(database.prepare("SELECT coalesce(max(id), 0) FROM entries").pluck().get());
  while (top > 0 && hits.length < limit) {
    hits.push(
      ...(slice.all(top, top - scanSlice, pattern, sessionKey ?? null, sessionKey ?? null, limit - hits.length) as SearchHit[]),
    );
    top -= scanSlice;
    await setImmediate();
  }
  return hits;
}
