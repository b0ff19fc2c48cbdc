import type { TurnEnding } from "../store.ts";
import type { Conversations } from "./conversations.ts";
import type { EventBook } from "./event-book.ts";
import type { Replies } from "./replies.ts";
import { answerIn } from "./said.ts";
import type { Tables } from "./tables.ts";

/** Where the end of a turn is written down. */
export interface EndTurnParts {
  readonly tables: Tables;
  readonly replies: Replies;
  readonly events: EventBook;
  readonly conversations: Conversations;
}

/** Ends a turn, once. */
export function endTurn(
  { turnId, outcome, text, parts, cutOff, steps = [], forgetRequest, nowMs }: TurnEnding,
  { tables, replies, events, conversations }: EndTurnParts,
): void {
  const turn = replies.get(turnId);
  if (turn.state !== "running") return;
  turn.state = outcome;
  turn.endedAtMs = nowMs;
  turn.steps = steps;
  turn.questions.clear();
  replies.put(turn, parts);
  if (forgetRequest === true) events.forgetRequest(turn.seq);
  if (turn.sessionId === undefined) return;
  if (cutOff !== undefined) replies.noteCutOff(turn, cutOff === "set", tables.cutOff.get(turn.sessionId));
  if (cutOff === "set") tables.cutOff.set(turn.sessionId, turnId);
  else if (cutOff === "clear") tables.cutOff.delete(turn.sessionId);
  if (text !== "") conversations.remember(turn.sessionId, answerIn(turn, text, nowMs));
}
