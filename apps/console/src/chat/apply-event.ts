import type { ProtocolEvent, RunningStep } from "@hermes/protocol";
import type { Answer, ConversationState, Item, Question } from "./conversation-state.ts";

type EventOf<Type extends ProtocolEvent["type"]> = Extract<ProtocolEvent, { readonly type: Type }>;

/** A conversation after one event; one that was seen already changes nothing, and behind a gap the history is asked again. */
export function applyEvent(state: ConversationState, event: ProtocolEvent): ConversationState {
  if (state.stream === undefined || event.seq <= state.seq) return state;
  if (event.seq > state.seq + 1) return { ...state, isStale: true };
  const next = { ...state, seq: event.seq };
  switch (event.type) {
    case "chat.message":
      return { ...next, items: withQuestion(state.items, questionOf(event)) };
    case "chat.delta":
      return onAnswer(next, event.message_id, (answer) => ({
        ...answer,
        parts: withPart(answer.parts, event.part, (text) => text + event.delta),
      }));
    case "chat.part":
      return onAnswer(next, event.message_id, (answer) => ({
        ...answer,
        parts: withPart(answer.parts, event.part, () => event.text),
      }));
    case "chat.step":
      return onAnswer(next, event.message_id, (answer) => ({
        ...answer,
        steps: withStep(answer.steps, { ...event.step, after_part: event.after_part }),
      }));
    case "chat.reasoning":
      return onAnswer(next, event.message_id, (answer) => ({ ...answer, reasoning: answer.reasoning + event.delta }));
    case "chat.done":
      return done(next, event);
    case "chat.notice":
      return { ...next, items: withNotice(state.items, event) };
    case "session.changed":
      return { ...next, isStale: true };
    default:
      return next;
  }
}

function questionOf(event: EventOf<"chat.message">): Question {
  return {
    kind: "question",
    id: event.message_id,
    text: event.text,
    timestamp: event.timestamp,
    state: "waiting",
    attachments: event.attachments ?? [],
    ...(event.author === undefined ? {} : { author: event.author }),
  };
}

/** A question that is there already stays as it is. */
export function withQuestion(items: readonly Item[], question: Question): readonly Item[] {
  const isThere = items.some(({ kind, id }) => kind === "question" && id === question.id);
  return isThere ? items : [...items, question];
}

function withNotice(items: readonly Item[], { message_id: id, text, timestamp }: EventOf<"chat.notice">): readonly Item[] {
  const isThere = items.some((item) => item.kind === "notice" && item.id === id);
  return isThere ? items : [...items, { kind: "notice", id, text, timestamp }];
}

/** Changes the running answer to a message, which begins with its first event; an answer that is over stays. */
function onAnswer(state: ConversationState, id: string, change: (answer: Answer) => Answer): ConversationState {
  const at = state.items.findIndex((item) => item.kind === "answer" && item.id === id);
  const found = state.items[at];
  if (found?.kind === "answer") {
    if (found.outcome !== "running") return state;
    return { ...state, items: state.items.with(at, change(found)) };
  }
  return { ...state, items: withAnswer(state.items, change(beginning(id))) };
}

function beginning(id: string): Answer {
  return { kind: "answer", id, parts: [], steps: [], reasoning: "", outcome: "running" };
}

/** Puts an answer behind its question, which then runs; behind everything where there is none. */
export function withAnswer(items: readonly Item[], answer: Answer): readonly Item[] {
  const at = items.findIndex((item) => item.kind === "question" && item.id === answer.id);
  if (at === -1) return [...items, answer];
  const question = items[at];
  const asked =
    question?.kind === "question" && question.state === "waiting" ? { ...question, state: "running" as const } : question;
  return [...items.slice(0, at), ...(asked === undefined ? [] : [asked]), answer, ...items.slice(at + 1)];
}

function done(state: ConversationState, event: EventOf<"chat.done">): ConversationState {
  const { message_id: id, outcome, timestamp } = event;
  const isThere = state.items.some((item) => item.kind === "answer" && item.id === id);
  const needsAnswer = !isThere && event.text.trim() !== "";
  const begun = needsAnswer ? { ...state, items: withAnswer(state.items, beginning(id)) } : state;
  const items = begun.items.map((item): Item => {
    if (item.id !== id) return item;
    if (item.kind === "question") return { ...item, state: outcome };
    if (item.kind !== "answer" || item.outcome !== "running") return item;
    return { ...item, outcome, timestamp, ...finalText(item, event.text), steps: item.steps.map((step) => ended(step, outcome)) };
  });
  return { ...begun, items };
}

/** The whole text replaces the parts only where it says something else: steps keep their places between parts. */
function finalText({ parts }: Answer, text: string): { readonly parts?: readonly string[] } {
  const isSame = squeezed(parts.join("")) === squeezed(text);
  return text.trim() === "" || isSame ? {} : { parts: [text] };
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/gu, "");
}

/** A tool whose end nobody told of is over with its answer. */
function ended(step: RunningStep, outcome: EventOf<"chat.done">["outcome"]): RunningStep {
  return step.state === "running" ? { ...step, state: outcome === "finished" ? "done" : "failed" } : step;
}

/** Parts before a later one may not have come: they are empty then. */
function withPart(parts: readonly string[], index: number, change: (text: string) => string): readonly string[] {
  if (index > mostParts || index < 0) return parts;
  const padded = [...parts];
  while (padded.length <= index) padded.push("");
  return padded.with(index, change(padded[index] ?? ""));
}

/** A number from outside must not fill the memory. */
const mostParts = 10_000;

function withStep(steps: readonly RunningStep[], step: RunningStep): readonly RunningStep[] {
  const at = steps.findIndex(({ call_id }) => call_id === step.call_id);
  return at === -1 ? [...steps, step] : steps.with(at, step);
}
