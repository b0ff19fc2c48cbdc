import type { Tool, ToolSource } from "../tool.ts";

/** A source whose tools are always the same. */
export function ownSource(tools: readonly Tool[], rest: Partial<Omit<ToolSource, "tools">> = {}): ToolSource {
  const sorted = [...tools].sort((one, other) => (one.name < other.name ? -1 : 1));
  return {
    tools: (sets) => Promise.resolve(sorted.filter(({ set }) => sets.includes(set))),
    close: () => Promise.resolve(),
    ...rest,
  };
}
