import type { Json } from "@hermes/core";
import { cleanText } from "../clean-text.ts";

const longestDescription = 2000;
const largestSchemaCharacters = 32_000;
const deepestSchema = 16;
const longestToolName = 256;

/** A tool as its server tells of it, checked. */
export interface CheckedTool {
  /** The server's own name. */
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly [key: string]: Json };
  readonly isReadOnly: boolean;
  readonly isIdempotent: boolean;
}

/** Checks what a server tells of a tool; a text says why it is not offered. */
export function checkTool(told: {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: unknown;
  readonly annotations?:
    | { readonly readOnlyHint?: boolean | undefined; readonly idempotentHint?: boolean | undefined }
    | undefined;
}): CheckedTool | string {
  const { name, inputSchema, annotations } = told;
  const shown = cleanText(name).slice(0, 100);
  if (name === "" || name.length > longestToolName) return `a tool's name has ${name.length} characters`;
  if (!isRecord(inputSchema) || inputSchema["type"] !== "object") return `the input of ${shown} is no object`;
  const text = JSON.stringify(inputSchema);
  if (text.length > largestSchemaCharacters) return `the schema of ${shown} has ${text.length} characters`;
  if (depthOf(inputSchema) > deepestSchema) return `the schema of ${shown} is nested too deep`;
  return {
    name,
    description: cut(cleanText(told.description ?? "").trim(), longestDescription),
    inputSchema: cleaned(inputSchema) as { readonly [key: string]: Json },
    isReadOnly: annotations?.readOnlyHint === true,
    isIdempotent: annotations?.idempotentHint === true,
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

/** The same schema without characters that nobody sees, and without references to other documents. */
function cleaned(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key, inner]) => {
    if (key === "$schema" || key === "$id") return false;
    return key !== "$ref" || (typeof inner === "string" && inner.startsWith("#"));
  });
  return Object.fromEntries(entries.map(([key, inner]) => [cleanText(key), cleaned(inner)]));
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner));
  return deepest + 1;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
