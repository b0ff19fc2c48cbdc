import { hash } from "node:crypto";
import { keptPayload, payloadText, type Json } from "@hermes/core";

/** Names a payload that has no id of its own: the same content has the same name. */
export function contentHash(content: unknown): string {
  return hash("sha256", payloadText(content)).slice(0, 32);
}

/** What is kept of a payload that is not read further. The token of an interaction answers in the bot's name. */
export function kept(content: unknown): Json {
  return keptPayload(content, ["token"]);
}
