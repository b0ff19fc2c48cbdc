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
  const { chain, signal, turnId, conversation } = step;
  let tries = 0;
  let continuations = 0;
  let isRepeat = false;
  let { said } = step;
  for (;;) {
    const by = chain.current;
    const outcome = yield* callOnce(step, parts, said);
    const isCut = outcome.kind === "broken" || outcome.reason === "length";
    const { entry, calls } = readAnswer(outcome.collected, { turn: turnId, by, taken: conversation.callIds });
    const { text } = outcome.collected;
    if (outcome.kind === "finished" && !(isCut && calls.length === 0)) {
      if (outcome.reason === "content-filter")
        yield notice(`${by} ended this answer: its provider's filter does not let it through.`);
      if (text !== "" || calls.length > 0 || said !== "" || outcome.reason === "content-filter")
        return { kind: "answered", entry, calls };
      if (isRepeat) {
        yield notice(`${by} gave an empty answer, twice. Say it in other words, or choose another with /model.`);
        return { kind: "gave-up" };
      }
      isRepeat = true;
      continue;
    }
    if (text !== "") {
      // What was half thought or half called is worth nothing without its end: only what people have read stays.
      conversation.add({ ...entry, parts: [{ type: "text", text }] });
      said += text;
      if (continuations >= maxContinuations) {
        yield notice(`${by} was cut off before it came to an end. Say "go on" for the rest.`);
        return { kind: "gave-up" };
      }
      continuations += 1;
      conversation.add({ version: 1, kind: "user", turn: turnId, text: goOn });
      if (outcome.kind === "finished") continue;
    } else if (outcome.kind === "finished") {
      yield notice(`${by} used up what one answer may have with thinking. Ask for less at once, or choose less with /reasoning.`);
      return { kind: "gave-up" };
    }
    if (outcome.kind !== "broken") continue;
    const { failure } = outcome;
    if (failure.kind === "context-length") return { kind: "too-long" };
    tries += 1;
    const waitMs = waitFor(failure, tries, parts.random);
    if (waitMs !== undefined) {
      parts.host.logger.debug(`${by} failed (${failure.kind}), try ${tries}: it is asked again in ${waitMs} ms`);
      await pause(waitMs, parts.host.clock, signal);
      signal.throwIfAborted();
      continue;
    }
    const words = failureWords(by, failure, parts.host.name);
    parts.host.logger.warn(`[${parts.host.name}] ${words}`);
    if (!chain.advance((model) => step.canAnswer(model))) {
      yield notice(words);
      return { kind: "gave-up" };
    }
    yield notice(`${by} does not answer: ${chain.current} goes on.`);
    tries = 0;
  }
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
