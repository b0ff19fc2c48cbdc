import { and, asc, eq, gt, isNull, sql } from "#drizzle";
import { events, parts, questions, transcripts, turns } from "../schema.ts";
import { limit, p, type Db } from "./placeholder.ts";

/** Turns, their parts, steps and questions. */
export function prepareTurns(db: Db) {
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
    inputs: turns.inputs,
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
        inputs: p("inputs"),
        entryId: p("entryId"),
        state: p("state"),
        startedAtMs: p("startedAtMs"),
        endedAtMs: p("endedAtMs"),
      })
      .prepare(),
    endTurn: db
      .update(turns)
      .set({ state: p("outcome"), endedAtMs: p("endedAtMs"), steps: p("steps") })
      .where(and(eq(turns.id, p("id")), sql`${turns.state} = 'running'`))
      .returning({ sessionId: turns.sessionId, step: turns.step })
      .prepare(),
    lastReplyId: db
      .select({ id: sql<string | null>`max(${turns.id})` })
      .from(turns)
      .prepare(),
    turnEntry: db
      .select({ entryId: turns.entryId })
      .from(turns)
      .where(eq(turns.id, p("id")))
      .prepare(),
    turnState: db
      .select({
        state: turns.state,
        sessionId: turns.sessionId,
        tools: turns.tools,
        checkpoint: turns.checkpoint,
        inputs: turns.inputs,
      })
      .from(turns)
      .where(eq(turns.id, p("id")))
      .prepare(),
    turnInputs: db
      .select({ inputs: turns.inputs, sessionId: turns.sessionId, state: turns.state })
      .from(turns)
      .where(eq(turns.id, p("id")))
      .prepare(),
    noteInputs: db
      .update(turns)
      .set({ inputs: p("inputs") })
      .where(eq(turns.id, p("id")))
      .prepare(),
    noteTools: db
      .update(turns)
      .set({ tools: p("tools") })
      .where(eq(turns.id, p("id")))
      .prepare(),
    noteStep: db
      .update(turns)
      .set({ step: p("step") })
      .where(eq(turns.id, p("id")))
      .prepare(),
    noteCheckpoint: db
      .update(turns)
      .set({
        step: p("step"),
        checkpoint: p("checkpoint"),
        said: p("said"),
        tools: p("tools"),
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
      .limit(limit)
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
      .set({ answer: p("answer") })
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
      .limit(limit)
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
      .limit(limit)
      .prepare(),
  };
}
