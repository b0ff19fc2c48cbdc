import type { Json, ToolEffect } from "@hermes/core";
import { z } from "zod";
import type { Tool, ToolContext, ToolResult } from "../tool.ts";

/** What a tool of our own consists of; title and effect may depend on what the model asks for. */
export interface ToolDefinition<Schema extends z.ZodObject> {
  readonly name: string;
  readonly set: string;
  readonly description: string;
  readonly input: Schema;
  title(input: z.output<Schema>): string;
  readonly effect: ToolEffect | ((input: z.output<Schema>) => ToolEffect);
  run(input: z.output<Schema>, context: ToolContext): Promise<ToolResult>;
}

/** How long a title may be: it stands in one line of a chat. */
const longestTitle = 160;

/** A tool out of its parts: its JSON Schema is made once, so that it has the same bytes each time. */
export function defineTool<Schema extends z.ZodObject>(definition: ToolDefinition<Schema>): Tool {
  const { name, set, description, input: schema, effect } = definition;
  const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(schema, { io: "input" }) as Record<string, Json>;
  return {
    name,
    set,
    description,
    inputSchema,
    read(input) {
      const parsed = schema.safeParse(input);
      if (!parsed.success) return `The input of ${name} does not fit. ${faultsOf(parsed.error)}`;
      return {
        title: inOneLine(definition.title(parsed.data)),
        effect: typeof effect === "function" ? effect(parsed.data) : effect,
        run: async (context) => {
          context.signal.throwIfAborted();
          try {
            return await definition.run(parsed.data, context);
          } catch (error) {
            context.signal.throwIfAborted();
            return failed(error instanceof Error ? error.message : String(error));
          }
        },
      };
    },
  };
}

/** A call that did what it was to do. */
export function done(text: string, summary?: string): ToolResult {
  return { outcome: "done", text, ...(summary === undefined ? {} : { summary }) };
}

/** A call that did not; `text` tells the model why, and what to do. */
export function failed(text: string, summary?: string): ToolResult {
  return { outcome: "failed", text, ...(summary === undefined ? {} : { summary }) };
}

/** A call that somebody or a rule did not allow. */
export function denied(text: string): ToolResult {
  return { outcome: "denied", text };
}

/** A title as a chat shows it: one line without control characters, cut where it is long. */
export function inOneLine(title: string): string {
  const line = title
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .toWellFormed();
  const characters = Array.from(line.slice(0, 4 * longestTitle));
  return characters.length <= longestTitle ? line : `${characters.slice(0, longestTitle - 1).join("")}…`;
}

function faultsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.length === 0 ? "The whole" : `\`${path.map(String).join(".")}\``}: ${message}.`)
    .join(" ");
}
