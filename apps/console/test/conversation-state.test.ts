import type { ChatHistory, ProtocolEvent, SessionSubscribed } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { applyEvent } from "../src/chat/apply-event.ts";
import { emptyConversation, isBusy, textOf, type Answer, type ConversationState } from "../src/chat/conversation-state.ts";
import { loadConversation, withEarlier } from "../src/chat/load-conversation.ts";
import { segmentsOf } from "../src/chat/segments.ts";

const key = "agent:main:web:dm:ada";
const at = "2026-01-02T03:04:05.000Z";
const begun: ConversationState = { ...emptyConversation, stream: "s" };

type Happening = ProtocolEvent extends infer Event
  ? Event extends ProtocolEvent
    ? Omit<Event, "session_key" | "seq">
    : never
  : never;

function numbered(happenings: readonly Happening[], from = 0): readonly ProtocolEvent[] {
  return happenings.map((happening, index) => ({ ...happening, session_key: key, seq: from + index + 1 }));
}

const turn: readonly Happening[] = [
  { type: "chat.message", message_id: "1", text: "Why?", timestamp: at },
  { type: "chat.reasoning", message_id: "1", delta: "Let me see" },
  { type: "chat.delta", message_id: "1", part: 0, delta: "I lo" },
  { type: "chat.delta", message_id: "1", part: 0, delta: "ok." },
  { type: "chat.step", message_id: "1", after_part: 1, step: { call_id: "a", title: "Reading", state: "running" } },
  {
    type: "chat.step",
    message_id: "1",
    after_part: 1,
    step: { call_id: "a", title: "Reading", state: "done", summary: "214 lines" },
  },
  { type: "chat.delta", message_id: "1", part: 1, delta: "\n\nBecause." },
  { type: "chat.done", message_id: "1", outcome: "finished", text: "I look.\n\nBecause.", timestamp: at },
];

function after(happenings: readonly Happening[], state = begun): ConversationState {
  return numbered(happenings, state.seq).reduce(applyEvent, state);
}

function answerIn(state: ConversationState): Answer | undefined {
  return state.items.find((item) => item.kind === "answer");
}

describe("A conversation", () => {
  it("is the question and the whole answer when all events came", () => {
    const state = after(turn);
    expect(state.items.map(({ kind }) => kind)).toEqual(["question", "answer"]);
    expect(state.items[0]).toMatchObject({ state: "finished" });
    expect(answerIn(state)).toMatchObject({ outcome: "finished", reasoning: "Let me see", timestamp: at });
    expect(textOf(answerIn(state) as Answer)).toBe("I look.\n\nBecause.");
  });

  it("is the same when an event comes twice", () => {
    const events = numbered(turn);
    expect([...events, ...events].reduce(applyEvent, begun)).toEqual(events.reduce(applyEvent, begun));
  });

  it("is busy from the question on until the answer is over", () => {
    const states = turn.map((_, index) => isBusy(after(turn.slice(0, index + 1))));
    expect(states).toEqual([...turn.slice(1).map(() => true), false]);
  });

  it("is asked again behind a gap, and takes nothing in until then", () => {
    const [first, , third] = numbered(turn);
    const state = [first, third].reduce((state, event) => (event === undefined ? state : applyEvent(state, event)), begun);
    expect(state.isStale).toBe(true);
    expect(state.seq).toBe(1);
  });

  it("keeps the places of tools when the final text says the same as the parts", () => {
    expect(segmentsOf(answerIn(after(turn)) as Answer).map(({ kind }) => kind)).toEqual(["text", "steps", "text"]);
  });

  it("shows the final text where it says something else than the parts did", () => {
    const done: Happening = { type: "chat.done", message_id: "1", outcome: "finished", text: "Something else", timestamp: at };
    expect(answerIn(after([...turn.slice(0, -1), done]))?.parts).toEqual(["Something else"]);
  });

  it("keeps what was said of an answer that was interrupted without a text, and ends its tools", () => {
    const done: Happening = { type: "chat.done", message_id: "1", outcome: "interrupted", text: "", timestamp: at };
    const answer = answerIn(after([...turn.slice(0, 5), done]));
    expect(answer).toMatchObject({ outcome: "interrupted", parts: ["I look."] });
    expect(answer?.steps[0]?.state).toBe("failed");
  });

  it("takes a part that reads differently now", () => {
    const part: Happening = { type: "chat.part", message_id: "1", part: 0, text: "I looked." };
    expect(answerIn(after([...turn.slice(0, 4), part]))?.parts).toEqual(["I looked."]);
  });

  it("does not grow an answer that is over", () => {
    const late: Happening = { type: "chat.delta", message_id: "1", part: 0, delta: "late" };
    expect(after([...turn, late]).items).toEqual(after(turn).items);
  });

  it("puts an answer behind its question, also when others were asked meanwhile", () => {
    const second: Happening = { type: "chat.message", message_id: "2", text: "And?", timestamp: at };
    const state = after([turn[0] as Happening, second, turn[2] as Happening]);
    expect(state.items.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["question 1", "answer 1", "question 2"]);
    expect(state.items[2]).toMatchObject({ state: "waiting" });
  });

  it("is not filled by a part with an absurd number", () => {
    const absurd: Happening = { type: "chat.delta", message_id: "1", part: 4e9, delta: "x" };
    expect(answerIn(after([absurd]))?.parts).toEqual([]);
  });
});

describe("A conversation that is loaded while an answer runs", () => {
  const subscribed = (seq: number, running: SessionSubscribed["running"]): SessionSubscribed => ({
    session_key: key,
    stream: "s",
    seq,
    resumed: false,
    running,
  });
  const question = { message_id: "1", role: "user", text: "Why?", timestamp: at, state: "running" } as const;
  const history = (...messages: ChatHistory["messages"]): ChatHistory => ({ session_key: key, messages });

  it("ends as if it had been followed from the beginning, wherever it was loaded", () => {
    for (let seen = 1; seen < turn.length; seen += 1) {
      const snapshot = answerIn(after(turn.slice(0, seen)));
      const running = snapshot === undefined ? [] : [{ message_id: "1", parts: snapshot.parts, steps: snapshot.steps }];
      const loaded = loadConversation(history(question), subscribed(seen, running), numbered(turn).slice(seen));
      expect(textOf(answerIn(loaded) as Answer), `after ${seen} events`).toBe("I look.\n\nBecause.");
      expect(loaded.items, `after ${seen} events`).toHaveLength(2);
    }
  });

  it("does not show an answer twice that was over before the history was read", () => {
    const answered = { message_id: "1", role: "assistant", text: "I look.\n\nBecause.", timestamp: at } as const;
    const loaded = loadConversation(
      history({ ...question, state: "finished" }, answered),
      subscribed(4, [{ message_id: "1", parts: ["I look."], steps: [] }]),
      numbered(turn).slice(4),
    );
    expect(loaded.items.map(({ kind }) => kind)).toEqual(["question", "answer"]);
    expect(textOf(answerIn(loaded) as Answer)).toBe("I look.\n\nBecause.");
  });

  it("tells of an old answer that it was interrupted", () => {
    const answered = { message_id: "1", role: "assistant", text: "I lo", timestamp: at } as const;
    const loaded = loadConversation(history({ ...question, state: "interrupted" }, answered), subscribed(0, []), []);
    expect(answerIn(loaded)?.outcome).toBe("interrupted");
  });

  it("has each answer behind its question, also when the next was asked before it came", () => {
    const second = { ...question, message_id: "2" };
    const answered = { message_id: "1", role: "assistant", text: "Because.", timestamp: at } as const;
    const running = [{ message_id: "2", parts: ["And"], steps: [] }];
    const loaded = loadConversation(history({ ...question, state: "finished" }, second, answered), subscribed(0, running), []);
    expect(loaded.items.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["question 1", "answer 1", "question 2", "answer 2"]);
  });

  it("gets earlier messages before the ones that are there, each once", () => {
    const loaded = loadConversation({ ...history(question), next: "1" }, subscribed(0, []), []);
    const earlier = withEarlier(loaded, history({ ...question, message_id: "0" }, question));
    expect(earlier.items.map(({ id }) => id)).toEqual(["0", "1"]);
    expect(earlier.earlier).toBeUndefined();
  });
});
