import type { ActionEvent, Answer, ChatRef, Clock, Logger, PlatformEvent, Question, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CommandCall } from "../commands/command.ts";
import { levelOf } from "../store-error.ts";
import type { IntakeWork, Store } from "../store.ts";
import { commandCallOf } from "../commands/registry.ts";
import { answerIn, approvedBy } from "./answer-in.ts";
import type { Approvals } from "./approvals.ts";
import { optionToken } from "./question-buttons.ts";

const retryMs = 1000;

/** What questions are asked with. */
export interface QuestionsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  readonly approvals: Pick<Approvals, "mayAnswer">;
}

/** A question that waits, and whom it was put to. */
export interface OpenQuestion {
  readonly turnId: string;
  readonly sessionKey: SessionKey;
  readonly question: Question;
  /** Whom it was put to, and where. */
  readonly asked: { readonly chat: ChatRef; readonly userId: string };
  readonly expiresAtMs: number;
}

/** What a press came to. */
export type Press =
  | { readonly kind: "answered"; readonly question: OpenQuestion; readonly optionId: string }
  | { readonly kind: "over" }
  | { readonly kind: "not-yours" };

interface Entry extends OpenQuestion {
  /** What its buttons are called, by option. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly settle: (answer: Answer | undefined) => void;
}

/** Questions of agents that wait for a person. They are in the store; here is who waits for what. */
export class Questions {
  readonly #parts: QuestionsParts;
  readonly #open = new Map<SessionKey, Entry[]>();
  /** What a button stands for, by its token. */
  readonly #buttons = new Map<string, { readonly entry: Entry; readonly optionId: string }>();
  /** Answers to what an earlier process asked that came before somebody waited for them, by turn and key. */
  readonly #early = new Map<string, Answer>();

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
  }

  /** What an earlier process asked can be answered before its turn is taken up. Whoever takes it up calls `wait`. */
  expect(question: OpenQuestion): void {
    this.#add({ ...question, tokens: tokensOf(question), settle: (answer) => this.#noteEarly(question, answer) });
  }

  /** Waits for the answer to a question that is in the store; undefined when `signal` is aborted first. */
  async wait(question: OpenQuestion, signal: AbortSignal): Promise<Answer | undefined> {
    const { clock } = this.#parts;
    const waiting = Promise.withResolvers<Answer | undefined>();
    const entry: Entry = { ...question, tokens: tokensOf(question), settle: waiting.resolve };
    const { expiresAtMs } = question;
    const early = this.#early.get(nameOf(question));
    this.#early.delete(nameOf(question));
    if (early !== undefined) return early;
    const giveUp = (): void => waiting.resolve(undefined);
    this.#add(entry);
    let cancel = (): void => undefined;
    let isOver = false;
    const expireAt = (atMs: number): void => {
      cancel = clock.wakeAt(
        atMs,
        () => void this.#expire(entry).then((isKept) => isKept || isOver || expireAt(clock.now() + retryMs)),
      );
    };
    expireAt(Math.max(expiresAtMs, clock.now()));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await waiting.promise;
    } finally {
      isOver = true;
      cancel();
      signal.removeEventListener("abort", giveUp);
      this.#remove(question.sessionKey, (other) => other === entry);
    }
  }

  #noteEarly(question: OpenQuestion, answer: Answer | undefined): void {
    if (answer !== undefined) this.#early.set(nameOf(question), answer);
    this.#remove(question.sessionKey, (other) => nameOf(other) === nameOf(question));
  }

  /** A turn is over: whatever it still asked is no question any more. */
  forget({ sessionKey, turnId }: Pick<OpenQuestion, "sessionKey" | "turnId">): void {
    const left = (this.#open.get(sessionKey) ?? []).filter((open) => open.turnId === turnId);
    for (const { settle } of left) settle(undefined);
    this.#remove(sessionKey, (open) => open.turnId === turnId);
    for (const name of this.#early.keys()) if (name.startsWith(`${turnId}\n`)) this.#early.delete(name);
  }

  /** Whoever waits for a question takes the place of whoever only knew of it. */
  #add(entry: Entry): void {
    const { sessionKey } = entry;
    this.#remove(sessionKey, (other) => nameOf(other) === nameOf(entry));
    this.#open.set(sessionKey, [...(this.#open.get(sessionKey) ?? []), entry]);
    for (const [optionId, token] of entry.tokens) this.#buttons.set(token, { entry, optionId });
  }

  #remove(sessionKey: SessionKey, isGone: (entry: Entry) => boolean): void {
    const before = this.#open.get(sessionKey) ?? [];
    const left = before.filter((entry) => !isGone(entry));
    for (const entry of before.filter((each) => !left.includes(each)))
      for (const token of entry.tokens.values()) this.#buttons.delete(token);
    if (left.length === 0) this.#open.delete(sessionKey);
    else this.#open.set(sessionKey, left);
  }

  /** Whether somebody is asked something there. */
  isAsking(sessionKey: SessionKey): boolean {
    return this.#open.has(sessionKey);
  }

  /** The question that an event answers, if it does. */
  match(sessionKey: SessionKey, event: PlatformEvent): IntakeWork | undefined {
    if (event.type === "action") return this.#matchPress(event);
    const call = commandCallOf(event);
    if (call?.name === "approve" || call?.name === "deny") return this.#matchCall(call, sessionKey, event);
    if (event.type !== "message" || call !== undefined) return undefined;
    const by = event.origin.author.id;
    for (const open of this.#open.get(sessionKey) ?? []) {
      const answer = this.#mayAnswer(open, event)
        ? answerIn(event.text, open.question, by, this.#parts.catalogue.agents.approval)
        : undefined;
      if (answer !== undefined) return answering(open, answer, "turn");
    }
    return undefined;
  }

  /** How many approvals wait in the chat that somebody may give. */
  approvalsFor(sessionKey: SessionKey, event: PlatformEvent): number {
    return this.#approvals(sessionKey, event).length;
  }

  /** In somebody's own conversation the oldest is meant, elsewhere in the chat the only one. */
  #matchCall(call: CommandCall, sessionKey: SessionKey, event: PlatformEvent): IntakeWork | undefined {
    const waiting = this.#approvals(sessionKey, event);
    const own = waiting.find((open) => open.sessionKey === sessionKey);
    const meant = own ?? (waiting.length === 1 ? waiting[0] : undefined);
    const option = meant === undefined ? undefined : approvedBy(call, meant.question);
    if (meant === undefined || option === undefined) return undefined;
    return answering(meant, { by: event.origin.author.id, option }, "nothing");
  }

  #approvals(sessionKey: SessionKey, event: PlatformEvent): readonly OpenQuestion[] {
    const { platform, chatId } = event.chat.ref;
    return [...this.#open.values()]
      .flat()
      .filter(({ question }) => question.kind === "approval")
      .filter(
        (open) => open.sessionKey === sessionKey || (open.asked.chat.platform === platform && open.asked.chat.chatId === chatId),
      )
      .filter((open) => this.#mayAnswer(open, event));
  }

  #matchPress(event: ActionEvent): IntakeWork | undefined {
    const press = this.pressOf(event);
    if (press.kind !== "answered") return undefined;
    return answering(press.question, { by: event.origin.author.id, option: press.optionId }, "nothing");
  }

  #mayAnswer({ question, asked }: OpenQuestion, event: PlatformEvent): boolean {
    return this.#parts.approvals.mayAnswer(question, { platform: asked.chat.platform, userId: asked.userId }, event);
  }

  /** Whether a button is one of a question's, as far as is known. */
  isButton({ token }: ActionEvent): boolean {
    return this.#buttons.has(token);
  }

  /** Which open question a button belongs to, and whether whoever pressed it was asked. */
  pressOf(event: ActionEvent): Press {
    const button = this.#buttons.get(event.token);
    if (button === undefined) return { kind: "over" };
    const { entry, optionId } = button;
    return this.#mayAnswer(entry, event) ? { kind: "answered", question: entry, optionId } : { kind: "not-yours" };
  }

  /** An answer is in the store: whoever waits for it goes on. */
  settle({ sessionKey, turnId, key, answer }: Extract<IntakeWork, { kind: "answer" }>): void {
    this.#open
      .get(sessionKey)
      ?.find((open) => open.turnId === turnId && open.question.key === key)
      ?.settle(answer);
  }

  /** False if the store did not take it: whoever waits must not go on with what nobody knows after a restart. */
  async #expire({ turnId, question, settle }: Entry): Promise<boolean> {
    const { store, logger } = this.#parts;
    const answer: Answer = { expired: true };
    try {
      // Where it is settled already, an answer is on its way to whoever waits.
      if (await store.answerQuestion({ turnId, key: question.key, answer })) settle(answer);
      return true;
    } catch (error) {
      logger[levelOf(error)](
        `The question ${question.key} of ${turnId} could not be closed, and is tried again: ${String(error)}`,
      );
      return false;
    }
  }
}

function tokensOf({ turnId, question }: OpenQuestion): ReadonlyMap<string, string> {
  return new Map((question.options ?? []).map(({ id }) => [id, optionToken(turnId, question.key, id)]));
}

function nameOf({ turnId, question }: OpenQuestion): string {
  return `${turnId}\n${question.key}`;
}

/** A question as people read it. */
export function questionText({ prompt, options = [] }: Question, { chooseOne }: Catalogue): string {
  if (options.length === 0) return prompt;
  const lines = options.map(({ label }, index) => `${index + 1}. ${label}`);
  return `${prompt}\n\n${lines.join("\n")}\n\n${chooseOne}`;
}

function answering({ sessionKey, turnId, question }: OpenQuestion, answer: Answer, ifLate: "turn" | "nothing"): IntakeWork {
  return { kind: "answer", sessionKey, turnId, key: question.key, answer, ifLate };
}
