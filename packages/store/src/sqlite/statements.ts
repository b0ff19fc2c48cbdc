import type { Database } from "better-sqlite3";
import { and, asc, desc, drizzle, eq, gt, isNull, sql } from "#drizzle";
import { entries, events, grants, memory, meta, parkedChats, parts, questions, sessions, transcripts, turns } from "./schema.ts";

/** Every statement of the hot path, prepared once: unprepared ones cost four times as much. */
export type Statements = ReturnType<typeof prepareStatements>;

const p = (name: string) => sql.placeholder(name);

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

type Db = ReturnType<typeof drizzle>;

function prepareInbox(db: Db) {
  const waitingOf = (work: "turn" | "command") =>
    and(eq(events.sessionKey, p("sessionKey")), eq(events.work, work), sql`${events.state} = 'waiting'`);
  return {
    insertEvent: db
      .insert(events)
      .values({
        platform: p("platform"),
        eventId: p("eventId"),
        verdict: p("verdict"),
        rule: p("rule"),
        atMs: p("atMs"),
        sessionKey: p("sessionKey"),
        work: p("work"),
        state: p("state"),
        replyId: p("replyId"),
        body: p("body"),
      })
      .onConflictDoNothing()
      .returning({ seq: events.seq })
      .prepare(),
    nextTurnEvent: db
      .select({ seq: events.seq, body: events.body })
      .from(events)
      .where(waitingOf("turn"))
      .orderBy(asc(events.seq))
      .limit(1)
      .prepare(),
    nextCommandEvent: db
      .select({ seq: events.seq, body: events.body, verdict: events.verdict, rule: events.rule })
      .from(events)
      .where(waitingOf("command"))
      .orderBy(asc(events.seq))
      .limit(1)
      .prepare(),
    takeEvent: db
      .update(events)
      .set({ state: "taken", replyId: sql`${p("replyId")}` })
      .where(eq(events.seq, p("seq")))
      .prepare(),
    queueEvent: db
      .update(events)
      .set({ state: "waiting", work: "turn", replyId: null })
      .where(eq(events.seq, p("seq")))
      .prepare(),
    dropWaiting: db
      .update(events)
      .set({ state: "dropped" })
      .where(and(waitingOf("turn"), sql`${events.seq} < ${p("beforeSeq")}`))
      .prepare(),
    queuedLanes: db
      .select({
        sessionKey: events.sessionKey,
        platform: events.platform,
        turns: sql<number>`sum(${events.work} = 'turn')`,
        commands: sql<number>`sum(${events.work} = 'command')`,
      })
      .from(events)
      .where(and(sql`${events.state} = 'waiting'`, gt(events.sessionKey, p("afterKey"))))
      .groupBy(events.sessionKey)
      .orderBy(asc(events.sessionKey))
      .limit(p("limit"))
      .prepare(),
    lastSeq: db
      .select({ seq: sql<number | null>`max(${events.seq})` })
      .from(events)
      .prepare(),
  };
}

function prepareTurns(db: Db) {
  const turnColumns = {
    id: turns.id,
    sessionKey: turns.sessionKey,
    sessionId: turns.sessionId,
    seq: turns.seq,
    chat: turns.chat,
    origin: turns.origin,
    tools: turns.tools,
    step: turns.step,
    checkpoint: turns.checkpoint,
    said: turns.said,
    endedAtMs: turns.endedAtMs,
    body: events.body,
  };
  return {
    insertTurn: db
      .insert(turns)
      .values({
        id: p("id"),
        kind: p("kind"),
        sessionKey: p("sessionKey"),
        sessionId: p("sessionId"),
        seq: p("seq"),
        chat: p("chat"),
        origin: p("origin"),
        entryId: p("entryId"),
        state: p("state"),
        startedAtMs: p("startedAtMs"),
        endedAtMs: p("endedAtMs"),
      })
      .prepare(),
    endTurn: db
      .update(turns)
      .set({ state: sql`${p("outcome")}`, endedAtMs: sql`${p("endedAtMs")}` })
      .where(and(eq(turns.id, p("id")), sql`${turns.state} = 'running'`))
      .returning({ sessionId: turns.sessionId })
      .prepare(),
    turnEntry: db
      .select({ entryId: turns.entryId })
      .from(turns)
      .where(eq(turns.id, p("id")))
      .prepare(),
    turnState: db
      .select({ state: turns.state, sessionId: turns.sessionId, tools: turns.tools, checkpoint: turns.checkpoint })
      .from(turns)
      .where(eq(turns.id, p("id")))
      .prepare(),
    noteTools: db
      .update(turns)
      .set({ tools: sql`${p("tools")}` })
      .where(eq(turns.id, p("id")))
      .prepare(),
    noteStep: db
      .update(turns)
      .set({ step: sql`${p("step")}` })
      .where(eq(turns.id, p("id")))
      .prepare(),
    noteCheckpoint: db
      .update(turns)
      .set({
        step: sql`${p("step")}`,
        checkpoint: sql`${p("checkpoint")}`,
        said: sql`${p("said")}`,
        tools: sql`${p("tools")}`,
      })
      .where(eq(turns.id, p("id")))
      .prepare(),
    insertTranscript: db
      .insert(transcripts)
      .values({ sessionId: p("sessionId"), turnId: p("turnId"), body: p("body") })
      .prepare(),
    transcript: db
      .select({ id: transcripts.id, body: transcripts.body })
      .from(transcripts)
      .where(and(eq(transcripts.sessionId, p("sessionId")), gt(transcripts.id, p("afterId"))))
      .orderBy(asc(transcripts.id))
      .limit(p("limit"))
      .prepare(),
    insertQuestion: db
      .insert(questions)
      .values({ turnId: p("turnId"), key: p("key"), question: p("question"), expiresAtMs: p("expiresAtMs") })
      .onConflictDoNothing()
      .prepare(),
    questionsOf: db
      .select()
      .from(questions)
      .where(eq(questions.turnId, p("turnId")))
      .prepare(),
    answerQuestion: db
      .update(questions)
      .set({ answer: sql`${p("answer")}` })
      .where(
        and(
          eq(questions.turnId, p("turnId")),
          eq(questions.key, p("key")),
          isNull(questions.answer),
          sql`EXISTS (SELECT 1 FROM turns WHERE id = ${p("turnId")} AND state = 'running')`,
        ),
      )
      .prepare(),
    forgetQuestions: db
      .delete(questions)
      .where(eq(questions.turnId, p("turnId")))
      .prepare(),
    putPart: db
      .insert(parts)
      .values({ turnId: p("turnId"), index: p("index"), state: p("state"), body: p("body") })
      .onConflictDoUpdate({ target: [parts.turnId, parts.index], set: { state: sql`excluded.state`, body: sql`excluded.body` } })
      .prepare(),
    partsOf: db
      .select({ body: parts.body })
      .from(parts)
      .where(eq(parts.turnId, p("turnId")))
      .orderBy(asc(parts.index))
      .prepare(),
    runningTurns: db
      .select(turnColumns)
      .from(turns)
      .innerJoin(events, eq(events.seq, turns.seq))
      .where(and(sql`${turns.state} = 'running'`, gt(turns.id, p("afterId"))))
      .orderBy(asc(turns.id))
      .limit(p("limit"))
      .prepare(),
    unsettledTurns: db
      .select(turnColumns)
      .from(turns)
      .leftJoin(events, eq(events.seq, turns.seq))
      .where(
        and(
          sql`${turns.id} IN (SELECT turn_id FROM parts WHERE state IN ('open', 'closed') AND turn_id > ${p("afterId")})`,
          sql`${turns.state} <> 'running'`,
        ),
      )
      .orderBy(asc(turns.id))
      .limit(p("limit"))
      .prepare(),
  };
}

function prepareSessions(db: Db) {
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
      .set({ endedAtMs: sql`${p("nowMs")}` })
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
      .set({ cutOffTurnId: sql`${p("cutOffTurnId")}` })
      .where(eq(sessions.id, p("id")))
      .prepare(),
    recentSessions: db
      .select()
      .from(sessions)
      .where(sql`(${sessions.updatedAtMs}, ${sessions.id}) < (${p("beforeMs")}, ${p("beforeId")})`)
      .orderBy(desc(sessions.updatedAtMs), desc(sessions.id))
      .limit(p("limit"))
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
      .limit(p("limit"))
      .prepare(),
  };
}

function prepareSmallThings(db: Db) {
  return {
    readMeta: db
      .select({ value: meta.value })
      .from(meta)
      .where(eq(meta.key, p("key")))
      .prepare(),
    writeMeta: db
      .update(meta)
      .set({ value: sql`${p("value")}` })
      .where(eq(meta.key, p("key")))
      .prepare(),
    readMemory: db
      .select({ value: memory.value })
      .from(memory)
      .where(
        and(
          eq(memory.platform, p("platform")),
          eq(memory.key, p("key")),
          sql`coalesce(${memory.expiresAtMs}, 9e15) > ${p("nowMs")}`,
        ),
      )
      .prepare(),
    writeMemory: db
      .insert(memory)
      .values({ platform: p("platform"), key: p("key"), value: p("value"), expiresAtMs: p("expiresAtMs") })
      .onConflictDoUpdate({
        target: [memory.platform, memory.key],
        set: { value: sql`excluded.value`, expiresAtMs: sql`excluded.expires_at_ms` },
      })
      .prepare(),
    deleteMemory: db
      .delete(memory)
      .where(and(eq(memory.platform, p("platform")), eq(memory.key, p("key"))))
      .prepare(),
    putGrant: db
      .insert(grants)
      .values({ platform: p("platform"), userId: p("userId"), role: p("role"), grantedAtMs: p("grantedAtMs") })
      .onConflictDoNothing()
      .prepare(),
    listGrants: db.select().from(grants).prepare(),
    parkChat: db
      .insert(parkedChats)
      .values({
        platform: p("platform"),
        chatId: p("chatId"),
        reason: p("reason"),
        sinceMs: p("sinceMs"),
        retryAtMs: p("retryAtMs"),
      })
      .onConflictDoUpdate({
        target: [parkedChats.platform, parkedChats.chatId],
        set: { reason: sql`excluded.reason`, sinceMs: sql`excluded.since_ms`, retryAtMs: sql`excluded.retry_at_ms` },
      })
      .prepare(),
    unparkChat: db
      .delete(parkedChats)
      .where(and(eq(parkedChats.platform, p("platform")), eq(parkedChats.chatId, p("chatId"))))
      .prepare(),
    listParkedChats: db.select().from(parkedChats).prepare(),
  };
}
