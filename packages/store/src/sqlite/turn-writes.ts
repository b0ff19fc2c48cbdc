import type { Answer, PlatformEvent } from "@hermes/core";
import type { ClaimedTurn, ClaimRequest, CutOff, JournalledTool, TurnEnding, TurnStep } from "@hermes/runtime";
import { cutOffOf, parseTools, putParts } from "./rows.ts";
import type { Statements } from "./statements.ts";

type ToolStep = Extract<TurnStep, { kind: "tool-start" | "tool-end" }>;
type Checkpoint = Extract<TurnStep, { kind: "checkpoint" }>;

/** Starts a turn on the oldest waiting message of a lane. */
export function claimTurn(
  statements: Statements,
  { sessionKey, turnId, newSessionId, nowMs }: ClaimRequest,
): ClaimedTurn | undefined {
  const waiting = statements.nextTurnEvent.get({ sessionKey });
  if (waiting === undefined || waiting.body === null) return undefined;
  const event = JSON.parse(waiting.body) as PlatformEvent;
  statements.takeEvent.run({ seq: waiting.seq, replyId: turnId });
  const chat = JSON.stringify(event.chat);
  const session = statements.useSession.get({ id: newSessionId, key: sessionKey, chat, nowMs, turnId });
  const sessionId = session?.id ?? newSessionId;
  const text = event.type === "message" ? event.text : "";
  const entry = statements.insertEntry.run({ sessionId, turnId, role: "user", text, eventId: event.eventId, atMs: nowMs });
  const entryId = Number(entry.lastInsertRowid);
  statements.insertTurn.run({
    id: turnId,
    kind: "turn",
    sessionKey,
    sessionId,
    seq: waiting.seq,
    chat: null,
    origin: null,
    entryId,
    state: "running",
    startedAtMs: nowMs,
    endedAtMs: null,
  });
  const claimed = { turnId, sessionId, sessionKey, seq: waiting.seq, event };
  return { ...claimed, ...beforeOf(statements, session?.cutOffTurnId) };
}

/** Journals a tool of a running turn. */
export function noteTool(statements: Statements, step: ToolStep): void {
  const before = parseTools(statements.turnState.get({ id: step.turnId })?.tools);
  const tools = step.kind === "tool-start" ? begun(before, step.tool) : ended(before, step.callId);
  statements.noteTools.run({ id: step.turnId, tools: JSON.stringify(tools) });
}

function begun(before: readonly JournalledTool[], tool: Omit<JournalledTool, "state">): readonly JournalledTool[] {
  return [...before.filter(({ callId }) => callId !== tool.callId), { ...tool, state: "open" }];
}

function ended(before: readonly JournalledTool[], callId: string): readonly JournalledTool[] {
  return before.map((tool) => (tool.callId === callId ? { ...tool, state: "over" } : tool));
}

/** Writes where a running turn can be taken up again. */
export function noteCheckpoint(statements: Statements, { turnId, step, transcript, state, text, parts }: Checkpoint): void {
  const turn = statements.turnState.get({ id: turnId });
  if (turn === undefined) return;
  statements.noteCheckpoint.run({
    id: turnId,
    step,
    checkpoint: state === undefined ? null : JSON.stringify(state),
    said: text,
    tools: JSON.stringify(parseTools(turn.tools).filter((tool) => tool.state === "open")),
  });
  for (const body of transcript)
    statements.insertTranscript.run({ sessionId: turn.sessionId ?? "", turnId, body: JSON.stringify(body) });
  putParts(statements, turnId, parts);
}

/** Settles a question; false if it was settled before or its turn is over. */
export function giveAnswer(
  statements: Statements,
  { turnId, key, answer }: { readonly turnId: string; readonly key: string; readonly answer: Answer },
): boolean {
  return statements.answerQuestion.run({ turnId, key, answer: JSON.stringify(answer) }).changes > 0;
}

/** What somebody answered belongs to what was said in the turn that asked. */
export function noteAnswer(statements: Statements, turnId: string, event: PlatformEvent, nowMs: number): void {
  const sessionId = statements.turnState.get({ id: turnId })?.sessionId;
  if (sessionId === undefined || sessionId === null || event.type !== "message") return;
  statements.insertEntry.run({ sessionId, turnId, role: "user", text: event.text, eventId: event.eventId, atMs: nowMs });
}

/** Ends a turn, once. */
export function endTurn(statements: Statements, ending: TurnEnding): void {
  const { turnId, outcome, text, parts, cutOff, steps = [], forgetRequest = false, nowMs } = ending;
  const stepsJson = steps.length === 0 ? null : JSON.stringify(steps);
  const row = statements.endTurn.get({ id: turnId, outcome, endedAtMs: nowMs, steps: stepsJson });
  if (row === undefined) return;
  putParts(statements, turnId, parts);
  if (forgetRequest) statements.forgetRequest.run({ turnId });
  const { sessionId, step } = row;
  if (step !== null) statements.forgetQuestions.run({ turnId });
  if (sessionId === null) return;
  if (cutOff !== undefined) statements.noteCutOff.run({ id: sessionId, cutOffTurnId: cutOff === "set" ? turnId : null });
  if (text !== "") statements.insertAnswer.run({ sessionId, turnId, text, atMs: nowMs });
}

/** What the session's last turn left open, if it was cut off. */
export function beforeOf(statements: Statements, turnId: string | null | undefined): { readonly before?: CutOff } {
  const before = turnId === null || turnId === undefined ? undefined : cutOffOf(statements, turnId);
  return before === undefined ? {} : { before };
}
