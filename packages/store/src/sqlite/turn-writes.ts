import type { Answer } from "@hermes/core";
import type { CutOff, JournalledTool, TurnEnding, TurnStep } from "@hermes/runtime";
import { cutOffOf, parseTools, putParts } from "./rows.ts";
import type { Statements } from "./statements.ts";

type ToolStep = Extract<TurnStep, { kind: "tool-start" | "tool-end" }>;
type Checkpoint = Extract<TurnStep, { kind: "checkpoint" }>;

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

/** Ends a turn, once. */
export function endTurn(statements: Statements, { turnId, outcome, text, parts, cutOff, nowMs }: TurnEnding): void {
  const row = statements.endTurn.get({ id: turnId, outcome, endedAtMs: nowMs });
  if (row === undefined) return;
  putParts(statements, turnId, parts);
  const { sessionId } = row;
  if (sessionId === null) return;
  if (cutOff !== undefined) statements.noteCutOff.run({ id: sessionId, cutOffTurnId: cutOff === "set" ? turnId : null });
  if (text !== "") statements.insertEntry.run({ sessionId, turnId, role: "assistant", text, atMs: nowMs });
}

/** What the session's last turn left open, if it was cut off. */
export function beforeOf(statements: Statements, turnId: string | null | undefined): { readonly before?: CutOff } {
  const before = turnId === null || turnId === undefined ? undefined : cutOffOf(statements, turnId);
  return before === undefined ? {} : { before };
}
