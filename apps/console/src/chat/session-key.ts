import type { Chat } from "@hermes/protocol";

/** The name of the door this page talks through, as conversations have it. */
export const ownPlatform = "web";

/** A key for a conversation that does not exist yet. */
export function newSessionKey(user: string, suffix: string): string {
  return `${ownPrefix(user)}.${suffix}`;
}

/** Whether a key is one this page may have made up: nobody has said anything there yet. */
export function isOwnKey(sessionKey: string, user: string): boolean {
  const prefix = ownPrefix(user);
  return sessionKey === prefix || sessionKey.startsWith(`${prefix}.`);
}

/** Whether one can answer here: conversations of other platforms are answered there. */
export function isAnsweredHere(sessionKey: string, user: string, chat: Chat | undefined): boolean {
  return chat === undefined ? isOwnKey(sessionKey, user) : chat.platform === ownPlatform;
}

/** Random and easy to read: ten characters. */
export function randomSuffix(randomBytes: Uint8Array): string {
  return Array.from(randomBytes.slice(0, 10), (byte) => alphabet[byte % alphabet.length]).join("");
}

const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

function ownPrefix(user: string): string {
  return `agent:main:${ownPlatform}:dm:${user.replaceAll("%", "%25").replaceAll(":", "%3A")}`;
}
