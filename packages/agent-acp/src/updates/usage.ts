import type { AgentEvent } from "@hermes/core";
import { usageUpdate, type PromptResponse } from "./update.ts";

/** What a session has cost, as its updates tell: a sum that only grows. */
export class SessionCost {
  #totalUsd: number | undefined;
  #countedUsd: number | undefined;

  /** `startUsd`: what it has cost before the first word of it, where that is known. */
  constructor(startUsd: number | undefined) {
    this.#countedUsd = startUsd;
  }

  take(update: Readonly<Record<string, unknown>>): void {
    if (update["sessionUpdate"] !== "usage_update") return;
    const cost = usageUpdate.safeParse(update).data?.cost;
    if (cost?.currency.toUpperCase() === "USD") this.#totalUsd = cost.amount;
  }

  /** What was added since this was asked last. */
  sinceLast(): number | undefined {
    const [before, now] = [this.#countedUsd, this.#totalUsd];
    if (now !== undefined) this.#countedUsd = now;
    return before === undefined || now === undefined || now < before ? undefined : now - before;
  }
}

/** What an answer took, where the agent says so. */
export function usageOf({ usage }: PromptResponse, costUsd: number | undefined): readonly AgentEvent[] {
  if (usage === undefined || usage === null) return [];
  const { cachedReadTokens, thoughtTokens } = usage;
  const read = cachedReadTokens ?? 0;
  const written = usage.cachedWriteTokens ?? 0;
  // Some count what was cached among the input, some beside it: the sum tells which.
  const isBeside = usage.totalTokens >= usage.inputTokens + usage.outputTokens + read + written;
  return [
    {
      type: "usage",
      usage: {
        inputTokens: isBeside ? usage.inputTokens + read + written : usage.inputTokens,
        outputTokens: usage.outputTokens,
        ...(cachedReadTokens === undefined ? {} : { cachedInputTokens: read }),
        ...(thoughtTokens === undefined ? {} : { reasoningTokens: thoughtTokens }),
        ...(costUsd === undefined ? {} : { costUsd }),
      },
    },
  ];
}
