import type { ChatMessage, ChatStep, ProtocolEvent, RunningAnswer, SessionInfo } from "@hermes/protocol";

/** An event without what the conversation adds to it. */
export type Happening = ProtocolEvent extends infer Event
  ? Event extends ProtocolEvent
    ? Omit<Event, "session_key" | "seq">
    : never
  : never;

interface Running {
  readonly parts: string[];
  readonly steps: (ChatStep & { after_part: number })[];
}

/** A conversation of the loopback gateway: what was said, what runs, what happened. */
export class LoopbackConversation {
  readonly messages: ChatMessage[] = [];
  readonly running = new Map<string, Running>();
  readonly events: ProtocolEvent[] = [];
  title: string;
  seq = 0;
  readonly key: string;
  readonly chat: SessionInfo["chat"];
  readonly createdAtMs: number;

  constructor(key: string, chat: SessionInfo["chat"], title: string, createdAtMs: number) {
    this.key = key;
    this.chat = chat;
    this.title = title;
    this.createdAtMs = createdAtMs;
  }

  get info(): SessionInfo {
    const first = this.messages.find(({ role }) => role === "user")?.text ?? "";
    return {
      session_key: this.key,
      title: this.title === "" ? first.slice(0, 60) : this.title,
      chat: this.chat,
      created_at: new Date(this.createdAtMs).toISOString(),
      updated_at: this.messages.at(-1)?.timestamp ?? new Date(this.createdAtMs).toISOString(),
      running: this.running.size > 0,
    };
  }

  get runningAnswers(): readonly RunningAnswer[] {
    return [...this.running].map(([message_id, { parts, steps }]) => ({ message_id, parts: [...parts], steps: [...steps] }));
  }

  /** Writes down what happens; the result is what subscribers are told. */
  happen(happening: Happening): ProtocolEvent {
    this.seq += 1;
    const event = { ...happening, session_key: this.key, seq: this.seq } as ProtocolEvent;
    this.events.push(event);
    this.#remember(event);
    return event;
  }

  #remember(event: ProtocolEvent): void {
    if (event.type === "chat.delta") {
      const running = this.#run(event.message_id);
      running.parts[event.part] = (running.parts[event.part] ?? "") + event.delta;
    } else if (event.type === "chat.step") {
      const { steps } = this.#run(event.message_id);
      const step = { ...event.step, after_part: event.after_part };
      const at = steps.findIndex(({ call_id }) => call_id === step.call_id);
      if (at === -1) steps.push(step);
      else steps[at] = step;
    } else if (event.type === "chat.done") {
      this.#end(event);
    }
  }

  #run(id: string): Running {
    const running = this.running.get(id) ?? { parts: [], steps: [] };
    this.running.set(id, running);
    return running;
  }

  #end({ message_id, outcome, text, timestamp }: Extract<ProtocolEvent, { type: "chat.done" }>): void {
    const at = this.messages.findIndex((message) => message.message_id === message_id && message.role === "user");
    const question = this.messages[at];
    if (question !== undefined) this.messages[at] = { ...question, state: outcome };
    const steps = this.running.get(message_id)?.steps ?? [];
    this.running.delete(message_id);
    if (text !== "") this.messages.push({ message_id, role: "assistant", text, timestamp, steps });
  }
}
