import { createHash } from "node:crypto";
import type { Turn } from "@hermes/core";

/** Whose notes are meant: a person's own, or those of a place that several people share. */
export interface MemoryOwner {
  readonly kind: "person" | "place";
  /** Path-safe, and says nothing about whom it stands for. */
  readonly id: string;
}

/**
 * Whose notes a turn reads and writes. One person's notes never get into a conversation that others see the prompt of: where a
 * conversation is shared, it has notes of its own. Whatever is not known to be one person's is shared.
 */
export function ownerOf(turn: Turn): MemoryOwner {
  const { ref, type } = turn.chat;
  const [{ author }] = turn.input;
  const isOnePerson = turn.input.every((input) => input.author.id === author.id);
  if (author.id !== "" && isOnePerson && (type === "dm" || isPersonal(turn.session.key, author.id))) {
    return { kind: "person", id: hashOf("person", ref.platform, author.id) };
  }
  return { kind: "place", id: hashOf("place", ref.platform, ref.chatId, ref.threadId ?? "") };
}

/** A stable name for anything, that can be a file's. */
export function hashOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40);
}

/** Whether a key is that of one person's conversation in a group or a thread: its last part is then the person's id. */
function isPersonal(key: string, userId: string): boolean {
  const parts = key.split(":");
  const length = parts[3] === "group" ? 6 : parts[3] === "thread" ? 7 : 0;
  return parts.length === length && parts.at(-1) === userId.replaceAll("%", "%25").replaceAll(":", "%3A");
}
