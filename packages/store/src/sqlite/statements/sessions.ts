import { and, desc, eq, isNull, sql } from "#drizzle";
import { entries, sessions } from "../schema.ts";
import { limit, p, type Db } from "./placeholder.ts";

/** Sessions and what was said in them. */
export function prepareSessions(db: Db) {
  const entryColumns = { role: entries.role, text: entries.text, turnId: entries.turnId, atMs: entries.atMs };
  return {
    currentSession: db
      .select()
      .from(sessions)
      .where(and(eq(sessions.key, p("key")), isNull(sessions.endedAtMs)))
      .prepare(),
    /** The key's session, used now; made if there is none. */
    useSession: db
      .insert(sessions)
      .values({
        id: p("id"),
        key: p("key"),
        chat: p("chat"),
        createdAtMs: p("nowMs"),
        updatedAtMs: p("nowMs"),
        lastTurnId: p("turnId"),
      })
      .onConflictDoUpdate({
        target: sessions.key,
        targetWhere: sql`ended_at_ms IS NULL`,
        set: { updatedAtMs: sql`excluded.updated_at_ms`, lastTurnId: sql`excluded.last_turn_id` },
      })
      .returning({ id: sessions.id, cutOffTurnId: sessions.cutOffTurnId })
      .prepare(),
    endSession: db
      .update(sessions)
      .set({ endedAtMs: p("nowMs") })
      .where(and(eq(sessions.key, p("key")), isNull(sessions.endedAtMs)))
      .returning({ id: sessions.id })
      .prepare(),
    sessionById: db
      .select({ cutOffTurnId: sessions.cutOffTurnId })
      .from(sessions)
      .where(eq(sessions.id, p("id")))
      .prepare(),
    noteCutOff: db
      .update(sessions)
      .set({ cutOffTurnId: p("cutOffTurnId") })
      .where(eq(sessions.id, p("id")))
      .prepare(),
    recentSessions: db
      .select()
      .from(sessions)
      .where(sql`(${sessions.updatedAtMs}, ${sessions.id}) < (${p("beforeMs")}, ${p("beforeId")})`)
      .orderBy(desc(sessions.updatedAtMs), desc(sessions.id))
      .limit(limit)
      .prepare(),
    insertEntry: db
      .insert(entries)
      .values({ sessionId: p("sessionId"), turnId: p("turnId"), role: p("role"), text: p("text"), atMs: p("atMs") })
      .prepare(),
    newestEntries: db
      .select(entryColumns)
      .from(entries)
      .where(and(eq(entries.sessionId, p("sessionId")), sql`${entries.id} < ${p("beforeId")}`))
      .orderBy(desc(entries.id))
      .limit(limit)
      .prepare(),
  };
}
