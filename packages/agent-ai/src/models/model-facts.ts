import type { AiConfiguration } from "../configuration.ts";

/** What a model can take. */
export interface ModelFacts {
  /** How many tokens prompt and answer may have together. */
  readonly contextTokens: number;
  readonly vision: boolean;
  readonly tools: boolean;
}

/** For a model that no pattern knows. */
const unknownModel: ModelFacts = { contextTokens: 128_000, vision: false, tools: true };

/** By patterns of `provider:model`, the first that fits. Small on purpose: providers' own pages say more, and `modelFacts` has the last word. */
const known: readonly (readonly [string, Partial<ModelFacts>])[] = [
  ["openai:gpt-4.1*", { contextTokens: 1_000_000, vision: true }],
  ["openai:gpt-4*", { contextTokens: 128_000, vision: true }],
  ["openai:gpt-5*", { contextTokens: 400_000, vision: true }],
  ["openai:o*", { contextTokens: 200_000, vision: true }],
  ["openai:*", { vision: true }],
  ["anthropic:*", { contextTokens: 200_000, vision: true }],
  ["google:*", { contextTokens: 1_000_000, vision: true }],
  // Where nobody says otherwise a local server gives a model much less than it was trained for.
  ["ollama:*", { contextTokens: 32_000 }],
  ["lmstudio:*", { contextTokens: 32_000 }],
  ["llamacpp:*", { contextTokens: 32_000 }],
];

/** Facts about `provider:model`: what the configuration says, else what its name tells, else a careful guess. */
export function modelFacts(model: string, { modelFacts: configured = {} }: AiConfiguration): ModelFacts {
  const said = Object.entries(configured).find(([pattern]) => fits(pattern, model))?.[1] ?? {};
  const guessed = known.find(([pattern]) => fits(pattern, model))?.[1] ?? {};
  return {
    contextTokens: said.contextTokens ?? guessed.contextTokens ?? unknownModel.contextTokens,
    vision: said.vision ?? guessed.vision ?? unknownModel.vision,
    tools: said.tools ?? guessed.tools ?? unknownModel.tools,
  };
}

/** `*` stands for anything, at the end only. */
function fits(pattern: string, model: string): boolean {
  return pattern.endsWith("*") ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
}
