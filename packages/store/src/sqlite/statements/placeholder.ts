import { sql, type drizzle } from "#drizzle";

/** A value that is given when the statement runs. As a piece of SQL: a bare placeholder would be wrapped, and unwrapped again at each run. */
export const p = (name: string) => sql`${sql.placeholder(name)}`;

/** How many rows at most: here it has to be bare. */
export const limit = sql.placeholder("limit");

/** What statements are prepared on. */
export type Db = ReturnType<typeof drizzle>;
