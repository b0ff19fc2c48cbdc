import type { Database } from "better-sqlite3";
import { prepared } from "./prepared.ts";

/** Forgets what was said, by the ids of the entries. What the search index forgets is only marked there until it is written anew. */
export function forgetEntries(database: Database, ids: readonly number[]): void {
  const chosen = "(SELECT value FROM json_each(?))";
  const json = JSON.stringify(ids);
  // The index keeps no text of its own: it has to be told what it forgets, before that is gone.
  const { changes } = prepared(
    database,
    `INSERT INTO entries_search (entries_search, rowid, text) SELECT 'delete', id, text FROM entries
       WHERE id IN ${chosen} AND id <= (SELECT value FROM meta WHERE key = 'indexed_entry')`,
  ).run(json);
  prepared(database, `DELETE FROM entries WHERE id IN ${chosen}`).run(json);
  if (changes === 0) return;
  prepared(
    database,
    `INSERT INTO meta (key, value) VALUES ('forgotten_entries', ?) ON CONFLICT (key) DO UPDATE SET value = value + excluded.value`,
  ).run(changes);
}
