import type { Author, Chat, Logger, ProgressEvent } from "@hermes/core";
import type { Answer, AnswerFacts, Outcome, Usage } from "./answer.ts";
import { addUsage } from "./usage.ts";

const maxAnswerLength = 16_000_000;
/** What an agent may do before anybody listens: it may be quicker than the store. */
const maxEarly = 100;

/** Who waits for an answer. */
export interface Listener {
  text(delta: string): void;
  progress(event: ProgressEvent): void;
  end(answer: Answer): void;
}

export interface ExchangeOptions {
  readonly facts: AnswerFacts;
  readonly chat: Chat;
  readonly author: Author;
  readonly logger: Logger;
  /** Called once it is over, before anybody is told. */
  readonly settle: (answer: Answer) => Promise<void>;
  /** Everybody who waited went away. */
  readonly onAbandoned: () => void;
}

/** One request and its answer, for however many callers wait for it. */
export class Exchange {
  readonly facts: AnswerFacts;
  readonly chat: Chat;
  readonly author: Author;
  /** Resolves when the answer is over. */
  readonly answer: Promise<Answer>;
  readonly #options: ExchangeOptions;
  readonly #over = Promise.withResolvers<Answer>();
  readonly #listeners = new Set<Listener>();
  #early: ProgressEvent[] | undefined = [];
  #text = "";
  #lastPart = "";
  #usage: Usage | undefined;
  #state: "open" | "ending" | "over" = "open";
  #isAbandoned = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.facts = options.facts;
    this.chat = options.chat;
    this.author = options.author;
    this.answer = this.#over.promise;
  }

  /** Nobody waits for it any more. */
  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Begins to listen: what was said so far comes at once. Returns how to stop. */
  join(listener: Listener): () => void {
    for (const event of this.#early ?? []) listener.progress(event);
    this.#early = undefined;
    if (this.#text !== "") listener.text(this.#text);
    if (this.#state === "over") {
      void this.answer.then((answer) => listener.end(answer));
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0 || this.#state !== "open") return;
      this.#isAbandoned = true;
      this.#options.onAbandoned();
    };
  }

  /** A new paragraph of the answer; returns how to add to it. */
  openPart(): (text: string) => void {
    let isFirst = true;
    return (text) => {
      if (text === "" || this.#state !== "open") return;
      const delta = isFirst && this.#text !== "" ? `\n\n${text}` : text;
      this.#lastPart = isFirst ? text : this.#lastPart + text;
      isFirst = false;
      if (this.#text.length + delta.length > maxAnswerLength) {
        this.end({ kind: "too-long" });
        this.#isAbandoned = true;
        this.#options.onAbandoned();
        return;
      }
      this.#text += delta;
      for (const listener of this.#listeners) listener.text(delta);
    };
  }

  /** The last thing that was said: where an agent failed, what the gateway says about it. */
  get lastPart(): string {
    return this.#lastPart;
  }

  progress(event: ProgressEvent): void {
    if (this.#state !== "open") return;
    if (event.type === "usage") this.#usage = addUsage(this.#usage, event.usage);
    else if (this.#early !== undefined && this.#early.length < maxEarly) this.#early.push(event);
    else for (const listener of this.#listeners) listener.progress(event);
  }

  /** Nothing more comes. The first end counts. */
  end(outcome: Outcome): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    const answer: Answer = { facts: this.facts, text: this.#text, outcome, usage: this.#usage };
    // A gateway that stops keeps nothing more.
    if (outcome.kind === "shutdown") this.#tell(answer);
    // Never rejects.
    else void this.#settle(answer);
  }

  async #settle(answer: Answer): Promise<void> {
    try {
      await this.#options.settle(answer);
    } catch (error) {
      this.#options.logger.warn(`An answer could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#tell(answer);
  }

  #tell(answer: Answer): void {
    this.#state = "over";
    for (const listener of this.#listeners) listener.end(answer);
    this.#listeners.clear();
    this.#over.resolve(answer);
  }
}
