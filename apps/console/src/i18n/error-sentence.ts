import { isRpcError } from "@hermes/protocol";
import { isConnectionLost } from "../connection/connection-lost.ts";
import type { Catalogue } from "./catalogue.ts";

/** What went wrong and what to do about it, as sentences for people. */
export function errorSentence(error: unknown, t: Catalogue): string {
  if (isConnectionLost(error)) return t.errors.connectionLost;
  if (!isRpcError(error)) return t.errors.unknown;
  const { retryAfterMs, kind } = error;
  const kinds: Readonly<Record<string, string>> = t.errors.kinds;
  const remedy = retryAfterMs === undefined ? kinds[kind] : t.errors.retryAfter(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  const message = /[.!?。！？]$/u.test(error.message) ? error.message : `${error.message}.`;
  return remedy === undefined ? message : `${message} ${remedy}`;
}
