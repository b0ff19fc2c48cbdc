import { and, desc, eq, getTableColumns, isNull, sql } from "#drizzle";
import { entries, sessions } from "../schema.ts";
import { limit, p, type Db } from "./placeholder.ts";

/** What people need to recognise a conversation by its first words. */
const openingLength = 200;

/** Sessions and what was said in them. */
export function prepareSessions(db: Db) {
  const entryColumns = { role: entries.role, text: entries.text, turnId: entries.turnId, atMs: entries.atMs };
  const listed = {
    ...getTableColumns(sessions),
    opening: sql<
      string | null
    >`(SELECT substr(text, 1, ${openingLength}) FROM entries WHERE session_id = sessions.id ORDER BY id LIMIT 1)`,
  };
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
      .select(listed)
      .from(sessions)
      .where(
        and(
          sql`(${sessions.updatedAtMs}, ${sessions.id}) < (${p("beforeMs")}, ${p("beforeId")})`,
          sql`NOT EXISTS (SELECT 1 FROM sessions AS newer WHERE newer.key = sessions.key AND newer.id > sessions.id)`,
        ),
      )
      .orderBy(desc(sessions.updatedAtMs), desc(sessions.id))
      .limit(limit)
      .prepare(),
    newestSession: db
      .select(listed)
      .from(sessions)
      .where(eq(sessions.key, p("key")))
      .orderBy(desc(sessions.id))
      .limit(1)
      .prepare(),
    titleSession: db
      .update(sessions)
      .set({ title: p("title") })
      .where(eq(sessions.id, p("id")))
      .prepare(),
    insertEntry: db
      .insert(entries)
      .values({
        sessionId: p("sessionId"),
        turnId: p("turnId"),
        role: p("role"),
        text: p("text"),
        eventId: p("eventId"),
        atMs: p("atMs"),
      })
      .prepare(),
    forgetEntryOf: db
      .delete(entries)
      .where(and(eq(entries.turnId, p("turnId")), eq(entries.eventId, p("eventId")), eq(entries.role, "user")))
      .prepare(),
    /** Of the event that began the turn, so that both have one id for as long as they are kept. */
    insertAnswer: db
      .insert(entries)
      .values({
        sessionId: p("sessionId"),
        turnId: p("turnId"),
        role: "assistant",
        text: p("text"),
        eventId: sql`(SELECT first.event_id FROM turns JOIN entries AS first ON first.id = turns.entry_id WHERE turns.id = ${p("turnId")})`,
        atMs: p("atMs"),
      })
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
