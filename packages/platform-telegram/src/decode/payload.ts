import { hash } from "node:crypto";
import { payloadText } from "@hermes/core";

/** Names an update that has no number of its own: the same content has the same name. */
export function contentHash(content: unknown): string {
  return hash("sha256", payloadText(content)).slice(0, 32);
}
