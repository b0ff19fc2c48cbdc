import { sql, type drizzle } from "#drizzle";

/** A value that is given when the statement runs. */
export const p = (name: string) => sql.placeholder(name);

/** What statements are prepared on. */
export type Db = ReturnType<typeof drizzle>;
