import type { Usage as CallUsage } from "@hermes/core";
import type { Usage } from "./answer.ts";

/** What an answer took so far, and one call of a model more. */
export function addUsage(before: Usage | undefined, { inputTokens, outputTokens }: CallUsage): Usage {
  return { input: (before?.input ?? 0) + inputTokens, output: (before?.output ?? 0) + outputTokens };
}
