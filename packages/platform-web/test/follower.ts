import type { ProtocolEvent, SessionSubscribed } from "@hermes/protocol";
import type { Wire } from "./wire.ts";

interface Shown {
  parts: string[];
  done: string | undefined;
}

/** A client as the documentation tells one to be: it subscribes, applies what comes, and resumes where it left off. */
export class Follower {
  readonly shown = new Map<string, Shown>();
  /** What it found wrong: an event lost or told twice, or an end that is not the sum of what came before. */
  readonly faults: string[] = [];
  readonly #sessionKey: string;
  #wire: Wire | undefined;
  #read = 0;
  #stream: string | undefined;
  #seq: number | undefined;
  #subscription: number | undefined;

  constructor(sessionKey: string) {
    this.#sessionKey = sessionKey;
  }

  get isOnline(): boolean {
    return this.#wire !== undefined;
  }

  /** Answers it may not have heard the end of: it reads the history, where it was not resumed. */
  forgotten = new Set<string>();

  connect(wire: Wire): void {
    this.#wire = wire;
    this.#read = 0;
    const from = this.#stream === undefined ? {} : { stream: this.#stream, since: this.#seq };
    this.#subscription = wire.post("session.subscribe", { session_key: this.#sessionKey, ...from });
  }

  disconnect(): void {
    this.read();
    this.#wire?.hangUp();
    this.#wire = undefined;
  }

  /** Takes in what has come since. */
  read(): void {
    const { messages } = this.#wire ?? { messages: [] };
    for (const message of messages.slice(this.#read)) {
      if (message["method"] === "event") this.#apply(message["params"] as ProtocolEvent);
      else if (message["id"] === this.#subscription) this.#begin(message["result"] as SessionSubscribed);
    }
    this.#read = messages.length;
  }

  textOf(messageId: string): string | undefined {
    return this.shown.get(messageId)?.done;
  }

  #begin({ stream, seq, resumed, running }: SessionSubscribed): void {
    this.#stream = stream;
    if (resumed) return;
    this.#seq = seq;
    for (const [messageId, { done }] of this.shown) if (done === undefined) this.forgotten.add(messageId);
    this.shown.clear();
    for (const { message_id, parts } of running) {
      this.forgotten.delete(message_id);
      this.shown.set(message_id, { parts: [...parts], done: undefined });
    }
  }

  #apply(event: ProtocolEvent): void {
    if (this.#seq === undefined) this.faults.push(`${event.type} came before the answer to the subscription`);
    else if (event.seq !== this.#seq + 1) this.faults.push(`${event.seq} came after ${this.#seq}`);
    this.#seq = event.seq;
    if (event.type === "session.changed" || event.type === "chat.notice") return;
    const shown = this.shown.get(event.message_id) ?? { parts: [], done: undefined };
    this.shown.set(event.message_id, shown);
    switch (event.type) {
      case "chat.delta":
        shown.parts[event.part] = (shown.parts[event.part] ?? "") + event.delta;
        break;
      case "chat.part":
        shown.parts[event.part] = event.text;
        break;
      case "chat.done":
        if (shown.done !== undefined) this.faults.push(`${event.message_id} ended twice`);
        shown.done = shown.parts.join("");
        if (shown.done !== event.text)
          this.faults.push(`${JSON.stringify(shown.done)} was heard of ${JSON.stringify(event.text)}`);
        break;
      default:
        break;
    }
  }
}
