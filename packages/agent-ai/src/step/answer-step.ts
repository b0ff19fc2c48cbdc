import type { LanguageModelV4, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { pause, type AgentEvent } from "@hermes/core";
import type { AiParts } from "../ai-parts.ts";
import type { Reasoning } from "../configuration.ts";
import { ProviderMissing } from "../models/provider-settings.ts";
import type { ModelChain } from "../models/model-chain.ts";
import type { Conversation } from "../transcript/conversation.ts";
import type { AssistantEntry } from "../transcript/entry.ts";
import { usageOf } from "../usage.ts";
import { waitBefore } from "./back-off.ts";
import { callOptions } from "./call-options.ts";
import { PartCollector } from "./collect-parts.ts";
import { failureWords } from "./failure-words.ts";
import type { CallFailure } from "./failure.ts";
import { readAnswer, type ModelCall } from "./model-call.ts";
import { RepeatedStart } from "./repeated-start.ts";
import { streamCall, type CallOutcome } from "./stream-call.ts";

/** How often an answer that was cut off is gone on with. */
const maxContinuations = 2;

/** Asks a model for the rest of an answer. */
export const goOn =
  "(Your message was cut off there. Go on exactly where it ended: repeat nothing of it, and say nothing about this.)";

/** What one step of a turn needs. */
export interface StepOptions {
  readonly turnId: string;
  readonly conversation: Conversation;
  readonly chain: ModelChain;
  readonly tools: readonly LanguageModelV4FunctionTool[];
  readonly reasoning: Reasoning | undefined;
  readonly signal: AbortSignal;
  /** What people have read of this answer already: an earlier process was cut off in it. */
  readonly said: string;
  /** The conversation as it stands, for a model. */
  prompt(model: string): Promise<LanguageModelV4Prompt>;
  /** Whether a model can take over: the conversation fits, and it can use tools where there are some. */
  canAnswer(model: string): boolean;
}

/** What came of a step. `gave-up`: people were told why. */
export type StepAnswer =
  | { readonly kind: "answered"; readonly entry: AssistantEntry; readonly calls: readonly ModelCall[] }
  | { readonly kind: "too-long" }
  | { readonly kind: "gave-up" };

/**
 * Gets one answer of a model, whatever it takes: tries again what failed before anything was heard, goes on with what was cut off, and turns to
 * the next model where one does not answer. Nothing is said twice.
 */
export async function* answerStep(step: StepOptions, parts: AiParts): AsyncGenerator<AgentEvent, StepAnswer> {
  const answer = new Answering(step, parts);
  for (;;) {
    const by = step.chain.current;
    const outcome = yield* callOnce(step, parts, answer.said);
    const read = readAnswer(outcome.collected, { turn: step.turnId, by, taken: step.conversation.callIds });
    const { text } = outcome.collected;
    const isCut = outcome.kind === "broken" || (outcome.reason === "length" && read.calls.length === 0);
    if (outcome.kind === "finished" && !isCut) {
      const result = yield* answer.judge(read, text, outcome.reason === "content-filter");
      if (result !== undefined) return result;
      continue;
    }
    if (text !== "" && !answer.keep(read.entry, text))
      return yield* givenUp(`${by} was cut off before it came to an end. Say "go on" for the rest.`);
    if (outcome.kind === "broken") {
      if (outcome.failure.kind === "context-length") return { kind: "too-long" };
      if (!(yield* answer.isTriedAgain(outcome.failure))) return { kind: "gave-up" };
    } else if (text === "") {
      return yield* givenUp(
        `${by} used up what one answer may have with thinking. Ask for less at once, or choose less with /reasoning.`,
      );
    }
  }
}

/** One answer, from the first call to the last that it takes. */
class Answering {
  readonly #step: StepOptions;
  readonly #parts: AiParts;
  #tries = 0;
  #continuations = 0;
  #wasEmpty = false;
  /** What people have read of it. */
  said: string;

  constructor(step: StepOptions, parts: AiParts) {
    this.#step = step;
    this.#parts = parts;
    this.said = step.said;
  }

  /** What an answer is that came to its end; undefined for an empty one, which is asked for once more. */
  async *judge(
    { entry, calls }: { readonly entry: AssistantEntry; readonly calls: readonly ModelCall[] },
    text: string,
    isFiltered: boolean,
  ): AsyncGenerator<AgentEvent, StepAnswer | undefined> {
    if (isFiltered) yield notice(`${entry.by} ended this answer: its provider's filter does not let it through.`);
    if (text !== "" || calls.length > 0 || this.said !== "" || isFiltered) return { kind: "answered", entry, calls };
    if (this.#wasEmpty)
      return yield* givenUp(`${entry.by} gave an empty answer, twice. Say it in other words, or choose another with /model.`);
    this.#wasEmpty = true;
    return undefined;
  }

  /** Keeps the beginning of an answer that was cut off, and asks for the rest; false where that was done often enough. */
  keep(entry: AssistantEntry, text: string): boolean {
    const { conversation, turnId } = this.#step;
    // What was half thought or half called is worth nothing without its end: only what people have read stays.
    conversation.add({ ...entry, parts: [{ type: "text", text }] });
    this.said += text;
    this.#continuations += 1;
    if (this.#continuations > maxContinuations) return false;
    conversation.add({ version: 1, kind: "user", turn: turnId, text: goOn });
    return true;
  }

  /** Waits for the same model, or turns to the next; false where there is none, and people were told why. */
  async *isTriedAgain(failure: CallFailure): AsyncGenerator<AgentEvent, boolean> {
    const { chain, signal } = this.#step;
    const { host, random } = this.#parts;
    const by = chain.current;
    this.#tries += 1;
    const waitMs = waitFor(failure, this.#tries, random);
    if (waitMs !== undefined) {
      host.logger.debug(`${by} failed (${failure.kind}), try ${this.#tries}: it is asked again in ${waitMs} ms`);
      await pause(waitMs, host.clock, signal);
      signal.throwIfAborted();
      return true;
    }
    const words = failureWords(by, failure, host.name);
    host.logger.warn(`[${host.name}] ${words}`);
    this.#tries = 0;
    const hasNext = chain.advance((model) => this.#step.canAnswer(model));
    yield notice(hasNext ? `${by} does not answer: ${chain.current} goes on.` : words);
    return hasNext;
  }
}

async function* givenUp(words: string): AsyncGenerator<AgentEvent, StepAnswer> {
  yield notice(words);
  return { kind: "gave-up" };
}

async function* callOnce(step: StepOptions, parts: AiParts, said: string): AsyncGenerator<AgentEvent, CallOutcome> {
  const { chain, signal, tools, reasoning } = step;
  const { configuration, host, models, limits, estimator } = parts;
  const name = chain.current;
  const loaded = await loadOrFail(name, parts);
  if ("outcome" in loaded) return loaded.outcome;
  const prompt = await step.prompt(name);
  const options = callOptions(name, { prompt, tools, reasoning, maxOutputTokens: configuration.maxOutputTokens }, models);
  const surroundings = { signal, clock: host.clock, limits, ...(said === "" ? {} : { repeated: new RepeatedStart(said) }) };
  const outcome = yield* streamCall(loaded.model, options, surroundings);
  if (outcome.kind === "finished") {
    const usage = usageOf(name, outcome.usage, configuration);
    if (usage !== undefined) {
      estimator.learn(name, { prompt, tools }, usage.inputTokens);
      yield { type: "usage", usage };
    }
  }
  return outcome;
}

async function loadOrFail(
  name: string,
  { models }: AiParts,
): Promise<{ readonly model: LanguageModelV4 } | { readonly outcome: CallOutcome }> {
  try {
    return { model: await models.load(name) };
  } catch (error) {
    if (!(error instanceof ProviderMissing)) throw error;
    const failure: CallFailure = { kind: "unconfigured", detail: error.message };
    return { outcome: { kind: "broken", collected: new PartCollector(), failure } };
  }
}

function waitFor(failure: CallFailure, tries: number, random: () => number): number | undefined {
  switch (failure.kind) {
    case "rate-limited":
    case "unavailable":
      return waitBefore(tries, failure.retryAfterMs, random);
    case "unauthorized":
    case "unconfigured":
    case "invalid":
    case "context-length":
      return undefined;
  }
}

function notice(text: string): AgentEvent {
  return { type: "notice", text };
}
