import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { Reasoning } from "../configuration.ts";
import type { ModelShelf } from "../models/model-shelf.ts";

/** What a model is called with. */
export interface CallInput {
  readonly prompt: LanguageModelV4Prompt;
  readonly tools: readonly LanguageModelV4FunctionTool[];
  readonly reasoning?: Reasoning | undefined;
  readonly maxOutputTokens?: number | undefined;
}

/**
 * The options of a call. OpenAI keeps nothing for us (`store: false`), so that its reasoning comes back encrypted and a conversation works
 * with any key; Anthropic is told to cache the whole prompt, which changes no message.
 */
export function callOptions(model: string, input: CallInput, models: ModelShelf): LanguageModelV4CallOptions {
  const { prompt, tools, reasoning, maxOutputTokens } = input;
  const kind = models.kindOf(model);
  return {
    prompt,
    ...(tools.length === 0 ? {} : { tools: [...tools] }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(kind === "openai" ? { providerOptions: { openai: { store: false } } } : {}),
    ...(kind === "anthropic" ? { providerOptions: { anthropic: { cacheControl: { type: "ephemeral" } } } } : {}),
  };
}
