import type { ChatHistory, ProtocolEvent, RunningAnswer, SessionSubscribed } from "@hermes/protocol";
import { applyEvent, withAnswer } from "./apply-event.ts";
import { itemOf, type Answer, type ConversationState, type Item } from "./conversation-state.ts";

/** A conversation from its history, what was running when the subscription began, and what happened since then. */
export function loadConversation(
  history: ChatHistory,
  subscribed: SessionSubscribed,
  since: readonly ProtocolEvent[],
): ConversationState {
  let items = inPairs(outcomesTold(history.messages.map(itemOf)));
  for (const running of subscribed.running) {
    const isOver = items.some(({ kind, id }) => kind === "answer" && id === running.message_id);
    if (!isOver) items = withAnswer(items, runningAnswer(running));
  }
  const state: ConversationState = {
    items,
    stream: subscribed.stream,
    seq: subscribed.seq,
    earlier: history.next,
    isStale: false,
  };
  return since.reduce(applyEvent, state);
}

/** The conversation with what was said before it. */
export function withEarlier(state: ConversationState, history: ChatHistory): ConversationState {
  const known = new Set(state.items.map(nameOf));
  const earlier = history.messages.map(itemOf).filter((item) => !known.has(nameOf(item)));
  return { ...state, items: inPairs([...outcomesTold(earlier), ...state.items]), earlier: history.next };
}

/** What tells lines apart: a question and its answer have the same id. */
export function nameOf({ kind, id }: Item): string {
  return `${kind}:${id}`;
}

/** Each answer behind its question, as it stood while it was written, also where something else was asked meanwhile. */
function inPairs(items: readonly Item[]): readonly Item[] {
  const asked = new Set(items.flatMap(({ kind, id }) => (kind === "question" ? [id] : [])));
  const answers = new Map(
    items.flatMap((item) => (item.kind === "answer" && asked.has(item.id) ? [[item.id, item] as const] : [])),
  );
  return items.flatMap((item): readonly Item[] => {
    if (item.kind === "answer") return asked.has(item.id) ? [] : [item];
    const answer = item.kind === "question" ? answers.get(item.id) : undefined;
    return answer === undefined ? [item] : [item, answer];
  });
}

/** History tells with the question how its answer ended. */
function outcomesTold(items: readonly Item[]): readonly Item[] {
  const outcomes = new Map(items.flatMap((item) => (item.kind === "question" ? [[item.id, item.state] as const] : [])));
  return items.map((item) => {
    const state = item.kind === "answer" ? outcomes.get(item.id) : undefined;
    return item.kind === "answer" && (state === "interrupted" || state === "failed") ? { ...item, outcome: state } : item;
  });
}

function runningAnswer({ message_id: id, parts, steps }: RunningAnswer): Answer {
  return { kind: "answer", id, parts, steps, reasoning: "", outcome: "running" };
}
