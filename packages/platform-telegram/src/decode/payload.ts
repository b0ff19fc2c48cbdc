import { createHash } from "node:crypto";
import type { Json } from "@hermes/core";

const maxPayloadBytes = 4096;
/** A character takes at most three bytes, so the beginning stays within the limit. */
const beginningLength = 1000;

/** What is kept of an update that is not read further: all of it, or its size and how it begins. At most 4 KB. */
export function cappedPayload(content: unknown): Json {
  const json = JSON.stringify(content) ?? "null";
  const sizeBytes = Buffer.byteLength(json);
  if (sizeBytes <= maxPayloadBytes) return JSON.parse(json) as Json;
  return { truncated: true, sizeBytes, beginning: json.slice(0, beginningLength).toWellFormed() };
}

/** Names an update that has no number of its own: the same content has the same name. */
export function contentHash(content: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(content) ?? "null")
    .digest("hex")
    .slice(0, 32);
}
