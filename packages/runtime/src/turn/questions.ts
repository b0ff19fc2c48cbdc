import type { Answer, Clock, Logger, PlatformEvent, Question, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { IntakeWork, Store } from "../store.ts";

/** What questions are asked with. */
export interface QuestionsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
}

/** A question that waits, and whom it was put to. */
export interface OpenQuestion {
  readonly turnId: string;
  readonly sessionKey: SessionKey;
  readonly question: Question;
  /** Only this person may answer. */
  readonly userId: string;
  readonly expiresAtMs: number;
}

/** Questions of agents that wait for a person. They are in the store; here is who waits for what. */
export class Questions {
  readonly #parts: QuestionsParts;
  readonly #open = new Map<SessionKey, (OpenQuestion & { readonly settle: (answer: Answer) => void })[]>();

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
  }

  /** Waits for the answer to a question that is in the store; undefined when `signal` is aborted first. */
  async wait(question: OpenQuestion, signal: AbortSignal): Promise<Answer | undefined> {
    const { clock } = this.#parts;
    const waiting = Promise.withResolvers<Answer | undefined>();
    const entry = { ...question, settle: waiting.resolve };
    const { sessionKey, expiresAtMs } = question;
    const giveUp = (): void => waiting.resolve(undefined);
    this.#open.set(sessionKey, [...(this.#open.get(sessionKey) ?? []), entry]);
    const cancel = clock.wakeAt(Math.max(expiresAtMs, clock.now()), () => void this.#expire(entry));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await waiting.promise;
    } finally {
      cancel();
      signal.removeEventListener("abort", giveUp);
      const left = (this.#open.get(sessionKey) ?? []).filter((other) => other !== entry);
      if (left.length === 0) this.#open.delete(sessionKey);
      else this.#open.set(sessionKey, left);
    }
  }

  /** The question that an event answers, if it does. */
  match(sessionKey: SessionKey, event: PlatformEvent): IntakeWork | undefined {
    if (event.type !== "message") return undefined;
    for (const { turnId, question, userId } of this.#open.get(sessionKey) ?? []) {
      const answer = userId === event.origin.author.id ? answerIn(event.text, question, userId) : undefined;
      if (answer !== undefined) return { kind: "answer", sessionKey, turnId, key: question.key, answer };
    }
    return undefined;
  }

  /** An answer is in the store: whoever waits for it goes on. */
  settle({ sessionKey, turnId, key, answer }: Extract<IntakeWork, { kind: "answer" }>): void {
    this.#open
      .get(sessionKey)
      ?.find((open) => open.turnId === turnId && open.question.key === key)
      ?.settle(answer);
  }

  async #expire({ turnId, question, settle }: OpenQuestion & { readonly settle: (answer: Answer) => void }): Promise<void> {
    const { store, logger } = this.#parts;
    const answer: Answer = { expired: true };
    try {
      // False: an answer is on its way to whoever waits.
      if (await store.answerQuestion({ turnId, key: question.key, answer })) settle(answer);
    } catch (error) {
      logger.error(`The question ${question.key} of ${turnId} could not be closed: ${String(error)}`);
      settle(answer);
    }
  }
}

/** A question as people read it. */
export function questionText({ prompt, options = [] }: Question, { chooseOne }: Catalogue): string {
  if (options.length === 0) return prompt;
  const lines = options.map(({ label }, index) => `${index + 1}. ${label}`);
  return `${prompt}\n\n${lines.join("\n")}\n\n${chooseOne}`;
}

/** What somebody's words answer; undefined where they are no answer but something else they say. */
function answerIn(text: string, { kind, options = [] }: Question, by: string): Answer | undefined {
  const said = text.trim();
  if (said === "") return undefined;
  if (kind === "text" && options.length === 0) return { by, text: said };
  const word = said.toLowerCase();
  const option = options.find(({ id, label }, index) =>
    [id.toLowerCase(), label.toLowerCase(), `${index + 1}`, `${index + 1}.`].includes(word),
  );
  if (option !== undefined) return { by, option: option.id };
  return kind === "text" ? { by, text: said } : undefined;
}
