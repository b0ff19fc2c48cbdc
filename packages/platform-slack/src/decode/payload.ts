import { createHash } from "node:crypto";
import type { Json } from "@hermes/core";

const maxPayloadBytes = 4096;
/** A character takes at most three bytes, so the beginning stays within the limit. */
const beginningLength = 1000;
/** What whoever has it may use. */
const secretFields: ReadonlySet<string> = new Set(["token", "response_url", "trigger_id"]);

/** What is kept of something that is not read further: all of it but its secrets, or its size and how it begins. At most 4 KB. */
export function cappedPayload(content: unknown): Json {
  const json = jsonOf(content);
  const sizeBytes = Buffer.byteLength(json);
  if (sizeBytes <= maxPayloadBytes) return JSON.parse(json) as Json;
  return { truncated: true, sizeBytes, beginning: json.slice(0, beginningLength).toWellFormed() };
}

/** Names what has no id of its own: the same content has the same name. */
export function contentHash(content: unknown): string {
  return createHash("sha256").update(jsonOf(content)).digest("hex").slice(0, 32);
}

function jsonOf(content: unknown): string {
  return JSON.stringify(shallow(content, 0)) ?? "null";
}

/** More deeply nested is nothing that Slack sends. */
const maxDepth = 50;

function shallow(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) return "…";
  if (Array.isArray(value)) return value.map((entry: unknown) => shallow(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (secretFields.has(key) ? [] : [[key, shallow(entry, depth + 1)]])),
  );
}
