import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt } from "@ai-sdk/provider";

const charactersPerToken = 4;
/** Most providers count a picture as about this, whatever its bytes. */
const imageTokens = 1500;
/** What a message costs beside its words. */
const messageTokens = 4;
const maxModels = 50;

/** What is sent, as far as it counts. */
export interface Sent {
  readonly prompt: LanguageModelV4Prompt;
  readonly tools: readonly LanguageModelV4FunctionTool[];
}

/**
 * Guesses how many tokens something takes: four characters of Latin text, one of any other script. What providers report of calls corrects
 * the guess for each model.
 */
export class TokenEstimator {
  readonly #ratios = new Map<string, number>();
  readonly #known = new WeakMap<object, number>();

  estimate(model: string, sent: Sent): number {
    return Math.ceil(this.#raw(sent) * this.ratio(model));
  }

  /** How many tokens a model really takes for one that is guessed. */
  ratio(model: string): number {
    return this.#ratios.get(model) ?? 1;
  }

  /** `inputTokens`: what a call with this really took. */
  learn(model: string, sent: Sent, inputTokens: number): void {
    const raw = this.#raw(sent);
    // Of little text a ratio says nothing. Some local servers count only what they had not cached: a guess that is too high costs little,
    // one that is too low a failed call.
    if (raw < 200 || inputTokens <= 0) return;
    this.#ratios.delete(model);
    this.#ratios.set(model, Math.min(3, Math.max(0.8, inputTokens / raw)));
    const [oldest] = this.#ratios.keys();
    if (this.#ratios.size > maxModels && oldest !== undefined) this.#ratios.delete(oldest);
  }

  #raw({ prompt, tools }: Sent): number {
    const messages = prompt.reduce((sum, message) => sum + messageTokens + this.#of(message.content), 0);
    return messages + tools.reduce((sum, tool) => sum + this.#of(tool), 0);
  }

  #of(value: string | object): number {
    if (typeof value === "string") return estimateText(value);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const tokens = tokensOf(value);
    this.#known.set(value, tokens);
    return tokens;
  }
}

/** The guess for a text alone. */
export function estimateText(text: string): number {
  let others = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x2ff) others += 1;
  return Math.ceil((text.length - others) / charactersPerToken) + others;
}

function tokensOf(value: unknown): number {
  if (typeof value === "string") return estimateText(value);
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + tokensOf(each), 0);
  if (typeof value !== "object" || value === null) return 1;
  if ("mediaType" in value) return imageTokens;
  return Object.entries(value).reduce((sum, [key, each]) => sum + estimateText(key) + tokensOf(each), 0);
}
