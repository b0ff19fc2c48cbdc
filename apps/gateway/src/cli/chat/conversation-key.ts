import { randomBytes } from "node:crypto";
import { buildSessionKey } from "@hermes/core";
import { GatewayError } from "../../config/problem.ts";
import { ownerId } from "../../credentials/credential.ts";
import { doorId } from "../../doors.ts";

/** Which conversation is gone on with. */
export interface ConversationChoice {
  /** A whole key, or the name of one of the owner's own. */
  readonly session?: string;
  readonly new?: true;
}

/**
 * The key of the conversation that is meant; by default the owner's first one.
 *
 * @throws GatewayError for a name that none can have.
 */
export function conversationKey({ session, new: isNew }: ConversationChoice): string {
  if (isNew === true) return ownKey(randomBytes(5).toString("hex"));
  if (session === undefined) return ownKey(undefined);
  if (session.includes(":")) return session;
  if (/^[\w-]{1,64}$/u.test(session)) return ownKey(session);
  throw new GatewayError(
    "`--session` is a key, as `hermes sessions list` shows it, or a name of 1 to 64 letters, digits, `_` and `-`.",
    { exitCode: 78 },
  );
}

function ownKey(name: string | undefined): string {
  const chatId = name === undefined ? ownerId : `${ownerId}.${name}`;
  return buildSessionKey({ kind: "chat", chat: { ref: { platform: doorId, chatId }, type: "dm" } });
}
