import type { Database, Statement } from "better-sqlite3";

const statements = new WeakMap<Database, Map<string, Statement>>();

/** A statement of maintenance, prepared once for each database: what is prepared again and again is memory that no collector hurries to give back. */
export function prepared(database: Database, text: string): Statement {
  const known = statements.get(database) ?? new Map<string, Statement>();
  statements.set(database, known);
  const statement = known.get(text) ?? database.prepare(text);
  known.set(text, statement);
  return statement;
}
