import { createHmac } from "node:crypto";
import { badRequest } from "../api-error.ts";
import type { NamedKey } from "./keys.ts";

const idHeader = "x-hermes-session-id";
const keyHeader = "x-hermes-session-key";

/** The conversation a request names. */
export interface NamedSession {
  readonly chatId: string;
  /** Given back in the header it came in. */
  readonly sessionId?: string;
}

/**
 * The conversation that the headers name, undefined where they name none. Its chat is made of the caller's key and name, so that no
 * caller can name another's.
 *
 * @throws ApiError for a name that cannot be one.
 */
export function sessionOf(headers: Headers, caller: NamedKey): NamedSession | undefined {
  const sessionId = headers.get(idHeader);
  const sessionKey = headers.get(keyHeader);
  if (sessionId !== null && sessionKey !== null)
    throw badRequest("ambiguous_session", "Expected X-Hermes-Session-Id or X-Hermes-Session-Key, not both");
  if (sessionId !== null) return { chatId: chatIdOf(caller, "session-id", checked(sessionId)), sessionId };
  return sessionKey === null ? undefined : { chatId: chatIdOf(caller, "session-key", checked(sessionKey)) };
}

function chatIdOf({ name, key }: NamedKey, purpose: string, value: string): string {
  return `session-${createHmac("sha256", key)
    .update(JSON.stringify(["hermes-openai-api", purpose, name, value]))
    .digest("hex")}`;
}

/** Not only line breaks: what cannot be seen cannot be told apart. */
function checked(value: string): string {
  if (/^[^\p{Cc}]{1,256}$/u.test(value)) return value;
  throw badRequest("invalid_session", "Expected a session's name to have 1 to 256 characters, none of them a control character");
}

/** The name of a request that may come twice. */
export function idempotencyKeyOf(headers: Headers): string | undefined {
  const value = headers.get("idempotency-key");
  if (value === null || /^[\x21-\x7e]{1,255}$/u.test(value)) return value ?? undefined;
  throw badRequest("invalid_idempotency_key", "Expected Idempotency-Key to have 1 to 255 visible ASCII characters");
}
