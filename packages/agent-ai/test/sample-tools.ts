import type { ToolEffect } from "@hermes/core";
import type { Tool, ToolContext, ToolResult, ToolSource } from "../src/index.ts";

/** A tool for tests: what it does, and how it is told. */
export function toolOf(
  name: string,
  run: (context: ToolContext, input: unknown) => ToolResult | Promise<ToolResult>,
  more: { readonly effect?: ToolEffect; readonly set?: string } = {},
): Tool {
  return {
    name,
    set: more.set ?? "sample",
    description: `Does ${name}.`,
    inputSchema: { type: "object", properties: { what: { type: "string" } } },
    read(input) {
      if (typeof input === "object" && input !== null && "wrong" in input) return "`wrong` is not known.";
      return { title: `${name} now`, effect: more.effect ?? "none", run: async (context) => await run(context, input) };
    },
  };
}

/** A source with these tools. */
export function sourceOf(tools: readonly Tool[], more: Partial<ToolSource> = {}): ToolSource {
  return { tools: async (sets) => tools.filter(({ set }) => sets.includes(set)), close: async () => undefined, ...more };
}

/** Says what it did. */
export function done(text: string): ToolResult {
  return { outcome: "done", text };
}
