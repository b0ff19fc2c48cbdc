import { hash } from "node:crypto";
import type { Json } from "@hermes/core";

const maxPayloadBytes = 4096;
/** A character takes at most three bytes, so the beginning stays within the limit. */
const beginningLength = 1000;
const maxDepth = 50;

/** What is kept of an event that is not read further: all of it, or its size and how it begins. At most 4 KB. */
export function cappedPayload(content: unknown): Json {
  const json = jsonOf(content);
  const sizeBytes = Buffer.byteLength(json);
  if (sizeBytes <= maxPayloadBytes) return JSON.parse(json) as Json;
  return { truncated: true, sizeBytes, beginning: json.slice(0, beginningLength).toWellFormed() };
}

/** Names what has no id of its own: the same content has the same name. */
export function contentHash(content: unknown): string {
  return hash("sha256", jsonOf(content)).slice(0, 32);
}

function jsonOf(content: unknown): string {
  try {
    return JSON.stringify(content) ?? "null";
  } catch {
    // It is nested more deeply than can be written down, though it could be read.
    return JSON.stringify(shallow(content, 0));
  }
}

function shallow(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) return "…";
  if (Array.isArray(value)) return value.map((entry: unknown) => shallow(entry, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shallow(entry, depth + 1)]));
}
