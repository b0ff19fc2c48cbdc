import type { Answer, PlatformEvent, SessionKey } from "@hermes/core";
import type { ClaimedTurn, ClaimRequest, CutOff, NumberedEvent, JournalledTool, TurnEnding, TurnStep } from "@hermes/runtime";
import { cutOffOf, parseTools, putParts } from "./rows.ts";
import type { Statements } from "./statements.ts";
import { keepSteering, type TurnInputs } from "./turn-inputs.ts";

/** What follows a message at once, at most. */
const maxJoined = 100;

type ToolStep = Extract<TurnStep, { kind: "tool-start" | "tool-end" | "tool-wait" }>;
type Checkpoint = Extract<TurnStep, { kind: "checkpoint" }>;

/** Starts a turn on the oldest waiting message of a lane. */
export function claimTurn(
  statements: Statements,
  { sessionKey, turnId, newSessionId, nowMs }: ClaimRequest,
): ClaimedTurn | undefined {
  const [head, ...joined] = nextTogether(statements, sessionKey);
  if (head === undefined) return undefined;
  const { seq, event } = head;
  for (const each of [head, ...joined]) statements.takeEvent.run({ seq: each.seq, replyId: turnId });
  const chat = JSON.stringify(event.chat);
  const session = statements.useSession.get({ id: newSessionId, key: sessionKey, chat, nowMs, turnId });
  const sessionId = session?.id ?? newSessionId;
  const [entryId = 0] = [head, ...joined].map((each) => remember(statements, sessionId, turnId, each.event, nowMs));
  // It is answered where the newest of them came from: its right to answer lasts longest.
  const newest = joined.at(-1)?.event;
  statements.insertTurn.run({
    id: turnId,
    kind: "turn",
    sessionKey,
    sessionId,
    seq,
    chat: newest === undefined ? null : JSON.stringify(newest.chat),
    origin: newest === undefined ? null : JSON.stringify(newest.origin),
    inputs:
      newest === undefined ? null : JSON.stringify({ joined: joined.map((each) => each.seq), steered: [] } satisfies TurnInputs),
    entryId,
    state: "running",
    startedAtMs: nowMs,
    endedAtMs: null,
  });
  const claimed = { turnId, sessionId, sessionKey, seq, event, joined };
  return { ...claimed, ...beforeOf(statements, session?.cutOffTurnId) };
}

/** The oldest message that waits in a lane, with those of the same person that join it. */
function nextTogether(statements: Statements, sessionKey: SessionKey): readonly NumberedEvent[] {
  const [first, second] = statements.waitingTurns.all({ sessionKey, afterSeq: 0, limit: 2 });
  const head = first === undefined ? undefined : waitingEvent(first);
  if (head === undefined) return [];
  if (second?.joins !== true) return [head];
  const following = statements.waitingTurns.all({ sessionKey, afterSeq: head.seq, limit: maxJoined });
  const together = [head];
  for (const row of following) {
    const event = row.joins === true ? waitingEvent(row) : undefined;
    if (event?.event.origin.author.id !== head.event.origin.author.id) break;
    together.push(event);
  }
  return together;
}

function waitingEvent({ seq, body }: { readonly seq: number; readonly body: string | null }): NumberedEvent | undefined {
  return body === null ? undefined : { seq, event: JSON.parse(body) as PlatformEvent };
}

function remember(statements: Statements, sessionId: string, turnId: string, event: PlatformEvent, nowMs: number): number {
  const text = event.type === "message" ? event.text : "";
  const entry = statements.insertEntry.run({ sessionId, turnId, role: "user", text, eventId: event.eventId, atMs: nowMs });
  return Number(entry.lastInsertRowid);
}

/** Journals a tool of a running turn. */
export function noteTool(statements: Statements, step: ToolStep): void {
  const before = parseTools(statements.turnState.get({ id: step.turnId })?.tools);
  statements.noteTools.run({ id: step.turnId, tools: JSON.stringify(toolsAfter(before, step)) });
}

function toolsAfter(before: readonly JournalledTool[], step: ToolStep): readonly JournalledTool[] {
  switch (step.kind) {
    case "tool-start":
      return begun(before, step.tool);
    case "tool-end":
      return ended(before, step.callId);
    case "tool-wait":
      return before.filter(({ callId }) => callId !== step.callId);
  }
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
  keepSteering(statements, turnId, turn.inputs);
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
