import type { Json } from "@hermes/core";
import type { Usage } from "./answer.ts";

const inputNames = ["input_tokens", "prompt_tokens", "inputTokens", "promptTokens"];
const outputNames = ["output_tokens", "completion_tokens", "outputTokens", "completionTokens"];

/** The two numbers that every count of tokens has, under the names in use; undefined where they are not there. */
export function usageOf(counted: Json): Usage | undefined {
  if (typeof counted !== "object" || counted === null || Array.isArray(counted)) return undefined;
  const named = counted as { readonly [name: string]: Json };
  const input = first(named, inputNames);
  const output = first(named, outputNames);
  return input === undefined || output === undefined ? undefined : { input, output };
}

function first(named: { readonly [name: string]: Json }, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = named[name];
    const number = typeof value === "object" && value !== null && "total" in value ? value.total : value;
    if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  }
  return undefined;
}
