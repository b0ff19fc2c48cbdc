import type { Database } from "better-sqlite3";
import { drizzle } from "#drizzle";
import { prepareInbox } from "./statements/inbox.ts";
import { prepareSessions } from "./statements/sessions.ts";
import { prepareSmallThings } from "./statements/small-things.ts";
import { prepareTurns } from "./statements/turns.ts";

/** Every statement of the hot path, prepared once: unprepared ones cost four times as much. */
export type Statements = ReturnType<typeof prepareStatements>;

/** Prepares them all on one database. */
export function prepareStatements(database: Database) {
  const db = drizzle(database);
  return {
    ...prepareInbox(db),
    ...prepareTurns(db),
    ...prepareSessions(db),
    ...prepareSmallThings(db),
  };
}
