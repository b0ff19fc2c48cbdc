import { and, asc, eq, gt, sql } from "#drizzle";
import { events } from "../schema.ts";
import { limit, p, type Db } from "./placeholder.ts";

/** What came in and what waits. */
export function prepareInbox(db: Db) {
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
        joins: p("joins"),
      })
      .onConflictDoNothing()
      .returning({ seq: events.seq })
      .prepare(),
    waitingTurns: db
      .select({ seq: events.seq, body: events.body, joins: events.joins })
      .from(events)
      .where(and(waitingOf("turn"), gt(events.seq, p("afterSeq"))))
      .orderBy(asc(events.seq))
      .limit(limit)
      .prepare(),
    waitingTurn: db
      .select({ body: events.body })
      .from(events)
      .where(and(waitingOf("turn"), eq(events.seq, p("seq"))))
      .prepare(),
    /** Of the lanes whose keys are `chatKey` or begin with it and a colon: `;` comes right behind `:`. */
    waitingInChat: db
      .select({ seq: events.seq, sessionKey: events.sessionKey, body: events.body })
      .from(events)
      .where(
        // One search for each: with OR all that waits anywhere would be looked through.
        sql`${events.seq} IN (
          SELECT seq FROM events WHERE state = 'waiting' AND work = 'turn' AND session_key = ${p("chatKey")}
          UNION ALL
          SELECT seq FROM events WHERE state = 'waiting' AND work = 'turn' AND session_key > ${p("below")} AND session_key < ${p("above")})`,
      )
      .orderBy(asc(events.sessionKey), asc(events.seq))
      .limit(limit)
      .prepare(),
    rewriteEvent: db
      .update(events)
      .set({ body: p("body") })
      .where(eq(events.seq, p("seq")))
      .prepare(),
    dropEvent: db
      .update(events)
      .set({ state: "dropped" })
      .where(eq(events.seq, p("seq")))
      .prepare(),
    returnEvent: db
      .update(events)
      .set({ state: "waiting", replyId: null })
      .where(and(eq(events.seq, p("seq")), eq(events.replyId, p("replyId"))))
      .returning({ body: events.body })
      .prepare(),
    eventBody: db
      .select({ body: events.body })
      .from(events)
      .where(eq(events.seq, p("seq")))
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
      .set({ state: "taken", replyId: p("replyId") })
      .where(eq(events.seq, p("seq")))
      .prepare(),
    forgetRequest: db
      .update(events)
      .set({ body: sql`json_remove(${events.body}, '$.request')` })
      .where(sql`${events.seq} = (SELECT seq FROM turns WHERE id = ${p("turnId")})`)
      .prepare(),
    queueEvent: db
      .update(events)
      .set({ state: "waiting", work: "turn", replyId: null })
      .where(eq(events.seq, p("seq")))
      .prepare(),
    queuedLanes: db
      .select({
        sessionKey: events.sessionKey,
        turns: sql<number>`sum(${events.work} = 'turn')`,
        commands: sql<number>`sum(${events.work} = 'command')`,
      })
      .from(events)
      .where(and(sql`${events.state} = 'waiting'`, eq(events.platform, p("platform")), gt(events.sessionKey, p("afterKey"))))
      .groupBy(events.sessionKey)
      .orderBy(asc(events.sessionKey))
      .limit(limit)
      .prepare(),
    lastSeq: db
      .select({ seq: sql<number | null>`max(${events.seq})` })
      .from(events)
      .prepare(),
  };
}
