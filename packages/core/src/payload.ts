import type { Json } from "./json.ts";

const maxPayloadBytes = 4096;
/** A character takes at most three bytes, so the beginning stays within the limit. */
const beginningLength = 1000;
/** More deeply nested is nothing that anybody means. */
const maxDepth = 50;

/**
 * What is kept of an update that is not read further: all of it, or its size and how it begins. At most 4 KB. `leaveOut` names members
 * that are secrets, wherever they stand.
 */
export function keptPayload(content: unknown, leaveOut: readonly string[] = []): Json {
  const json = payloadText(content, leaveOut);
  const sizeBytes = new TextEncoder().encode(json).byteLength;
  if (sizeBytes <= maxPayloadBytes) return JSON.parse(json) as Json;
  return { truncated: true, sizeBytes, beginning: json.slice(0, beginningLength).toWellFormed() };
}

/** An update as JSON, however deeply it is nested: to make a name of, where it has no id of its own. */
export function payloadText(content: unknown, leaveOut: readonly string[] = []): string {
  return JSON.stringify(shallow(content, new Set(leaveOut), 0)) ?? "null";
}

function shallow(value: unknown, leaveOut: ReadonlySet<string>, depth: number): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) return "…";
  if (Array.isArray(value)) return value.map((entry: unknown) => shallow(entry, leaveOut, depth + 1));
  const kept = Object.entries(value).filter(([key]) => !leaveOut.has(key));
  return Object.fromEntries(kept.map(([key, entry]) => [key, shallow(entry, leaveOut, depth + 1)]));
}
