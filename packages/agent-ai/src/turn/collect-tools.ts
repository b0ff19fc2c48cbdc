import type { LanguageModelV4FunctionTool } from "@ai-sdk/provider";
import type { Logger } from "@hermes/core";
import type { Tool, ToolSource } from "../tool.ts";
import { askSources } from "./ask-sources.ts";

/** The tools of a turn, as they are found and as a provider is told of them. */
export interface TurnTools {
  readonly byName: ReadonlyMap<string, Tool>;
  /** Sorted by name: the same bytes each time. */
  readonly told: readonly LanguageModelV4FunctionTool[];
}

const usableName = /^[a-z][a-z0-9_]{0,63}$/u;

/** The tools of some sets, from all sources. Without sets nobody is asked. What does not belong to them, or has no usable name, is left out. */
export async function collectTools(
  sources: readonly ToolSource[],
  sets: readonly string[],
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<TurnTools> {
  const byName = new Map<string, Tool>();
  if (sets.length > 0) {
    for (const tools of await askSources(sources, (source) => source.tools(sets, signal), { signal, logger })) {
      for (const tool of tools) {
        if (!sets.includes(tool.set)) continue;
        if (usableName.test(tool.name) && !byName.has(tool.name)) byName.set(tool.name, tool);
        else logger.warn(`A tool of the set ${tool.set} is left out: its name is taken, or is none`);
      }
    }
  }
  const told = [...byName.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, description, inputSchema }): LanguageModelV4FunctionTool => ({
      type: "function",
      name,
      description,
      inputSchema,
    }));
  return { byName, told };
}
