import type { Json } from "@hermes/core";
import type { AssistantEntry, AssistantPart } from "../transcript/entry.ts";
import { wellFormed } from "../transcript/well-formed.ts";
import { callIdFor } from "./call-ids.ts";
import type { PartCollector } from "./collect-parts.ts";

/** A call that a model wants made. */
export interface ModelCall {
  readonly id: string;
  readonly name: string;
  /** Absent: what the model wrote is no JSON object. */
  readonly input?: { readonly [key: string]: Json };
}

const maxKeptLength = 2000;
const maxNameLength = 128;

/** An answer as it is kept, and the calls in it. `taken`: ids of the conversation's calls so far. */
export function readAnswer(
  collected: PartCollector,
  { turn, by, taken }: { readonly turn: string; readonly by: string; readonly taken: ReadonlySet<string> },
): { readonly entry: AssistantEntry; readonly calls: readonly ModelCall[] } {
  const ids = new Set(taken);
  const calls: ModelCall[] = [];
  const parts = collected.parts((call, options): AssistantPart => {
    const id = callIdFor(call.toolCallId, ids);
    ids.add(id);
    const name = call.toolName.slice(0, maxNameLength);
    const input = readInput(call.input);
    calls.push({ id, name, ...(input === undefined ? {} : { input }) });
    // Providers take nothing but objects back: what was written wrongly is kept as such, for the model to see.
    const kept = input ?? { invalid: call.input.slice(0, maxKeptLength) };
    return { type: "call", id, name, input: JSON.stringify(kept), ...options };
  });
  return { entry: { version: 1, kind: "assistant", turn, by, parts: [...parts] }, calls };
}

/** The input that a model wrote; undefined for what is no JSON object, or none that could be written again. */
export function readInput(written: string): { readonly [key: string]: Json } | undefined {
  // A tool without parameters is called with nothing at all by some.
  if (written.trim() === "") return {};
  try {
    const input = wellFormed(JSON.parse(written) as Json);
    return typeof input === "object" && input !== null && !Array.isArray(input)
      ? (input as { readonly [key: string]: Json })
      : undefined;
  } catch {
    return undefined;
  }
}
