import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import type { Usage } from "@hermes/core";
import type { AiConfiguration } from "./configuration.ts";

/** What a call took, with its price where the configuration names one. Undefined where the provider does not say. */
export function usageOf(model: string, reported: LanguageModelV4Usage, { prices = {} }: AiConfiguration): Usage | undefined {
  const { inputTokens: input, outputTokens: output } = reported;
  const inputTokens = count(input.total);
  const outputTokens = count(output.total);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const cached = count(input.cacheRead);
  const reasoning = count(output.reasoning);
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  const taken = { inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0 };
  return {
    model,
    ...taken,
    ...(cached === undefined ? {} : { cachedInputTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
    ...(price === undefined ? {} : { costUsd: costOf({ ...taken, cached: cached ?? 0 }, price) }),
  };
}

/** Providers are servers of strangers: what is no count is not told. */
function count(tokens: number | undefined): number | undefined {
  return tokens !== undefined && Number.isFinite(tokens) && tokens >= 0 ? Math.round(tokens) : undefined;
}

function costOf(
  { inputTokens, outputTokens, cached }: { readonly inputTokens: number; readonly outputTokens: number; readonly cached: number },
  price: NonNullable<AiConfiguration["prices"]>[string],
): number {
  const fromCache = Math.min(cached, inputTokens);
  const { inputPerMillionUsd, outputPerMillionUsd, cachedInputPerMillionUsd = inputPerMillionUsd } = price;
  const cost =
    (inputTokens - fromCache) * inputPerMillionUsd + fromCache * cachedInputPerMillionUsd + outputTokens * outputPerMillionUsd;
  return cost / 1_000_000;
}
