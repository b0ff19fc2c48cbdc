import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { AiParts } from "../ai-parts.ts";
import { tokensOfEntry } from "../context/entry-tokens.ts";
import { newestWithin } from "../context/groups.ts";
import { modelFacts } from "../models/model-facts.ts";
import { isProviderKnown } from "../models/provider-settings.ts";
import { parseModelName } from "../models/name.ts";
import type { Conversation } from "../transcript/conversation.ts";
import type { Entry } from "../transcript/entry.ts";
import { toPrompt } from "../transcript/prompt.ts";

const defaultRatio = 0.8;
/** Left for the answer where nobody says how long it may be. */
const answerTokens = 8192;
/** What is kept of a conversation that is too long and could not be compressed: with room, so that not each step cuts again. */
const keptRatio = 0.6;

/** Makes the prompts of one turn: the same system prompt and tools throughout. */
export class TurnPrompt {
  readonly #parts: AiParts;
  readonly #sessionId: string;
  readonly #conversation: Conversation;
  readonly #system: string;
  readonly #tools: readonly LanguageModelV4FunctionTool[];
  #images: ReadonlyMap<string, string> = new Map();

  constructor(
    parts: AiParts,
    fixed: {
      readonly sessionId: string;
      readonly conversation: Conversation;
      readonly system: string;
      readonly tools: readonly LanguageModelV4FunctionTool[];
    },
  ) {
    this.#parts = parts;
    this.#sessionId = fixed.sessionId;
    this.#conversation = fixed.conversation;
    this.#system = fixed.system;
    this.#tools = fixed.tools;
  }

  /** The conversation for a model; of one that is too long the newest that fits. */
  async for(model: string): Promise<LanguageModelV4Prompt> {
    const { entries } = this.#conversation;
    const limit = this.#limit(model);
    if (modelFacts(model, this.#parts.configuration).vision) {
      this.#images = await this.#parts.images.load(this.#sessionId, entries, this.#images);
    }
    const images = this.#images;
    const whole = this.#make(model, entries, images);
    if (this.#tokens(model, whole) <= limit) return whole;
    const fixed = this.#tokens(model, this.#make(model, [], images));
    const ratio = this.#parts.estimator.ratio(model);
    const kept = newestWithin(entries, limit * keptRatio - fixed, (entry) => tokensOfEntry(entry) * ratio);
    return this.#make(model, kept, images);
  }

  /** Whether the conversation is so long that it should be compressed for this model. */
  isNearlyFull(model: string): boolean {
    const { configuration } = this.#parts;
    const ratio = configuration.compression?.atRatio ?? defaultRatio;
    return this.#wholeTokens(model) >= modelFacts(model, configuration).contextTokens * ratio;
  }

  /** Whether a model can take over: it is configured, the conversation fits, and it uses tools where there are some. */
  fits(model: string): boolean {
    const { configuration } = this.#parts;
    const provider = parseModelName(model)?.provider;
    if (provider === undefined || !isProviderKnown(provider, configuration)) return false;
    if (this.#tools.length > 0 && !modelFacts(model, configuration).tools) return false;
    return this.#wholeTokens(model) <= this.#limit(model);
  }

  #wholeTokens(model: string): number {
    return this.#tokens(model, this.#make(model, this.#conversation.entries, new Map()));
  }

  #limit(model: string): number {
    const { configuration } = this.#parts;
    const { contextTokens } = modelFacts(model, configuration);
    return contextTokens - Math.min(configuration.maxOutputTokens ?? answerTokens, contextTokens / 4);
  }

  #tokens(model: string, prompt: LanguageModelV4Prompt): number {
    return this.#parts.estimator.estimate(model, { prompt, tools: this.#tools });
  }

  #make(model: string, entries: readonly Entry[], images: ReadonlyMap<string, string>): LanguageModelV4Prompt {
    return toPrompt(entries, {
      provider: parseModelName(model)?.provider ?? "",
      system: this.#system,
      image: ({ sha256 }) => images.get(sha256),
      vision: modelFacts(model, this.#parts.configuration).vision,
      tools: this.#tools.length > 0,
    });
  }
}
