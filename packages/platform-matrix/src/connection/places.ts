import { BoundedMap, PlatformError, type ChatRef, type MessageRef } from "@hermes/core";
import type { Api } from "../api.ts";
import { isEventId, isRoomAlias, isRoomId } from "../identifiers.ts";

/** Where something is sent to. */
export interface Place {
  readonly roomId: string;
  readonly threadId: string | undefined;
}

/** A refusal of our own: the homeserver is not asked. */
export function refusal(platform: string, what: string, why: string): PlatformError {
  return new PlatformError({ platform, failure: { kind: "invalid" }, message: `Cannot ${what}: ${why}` });
}

/** The id of a message, checked. @throws PlatformError `invalid` for what is none. */
export function eventIdOf({ platform, messageId }: Pick<MessageRef, "platform" | "messageId">): string {
  if (!isEventId(messageId)) throw refusal(platform, "reach the message", "its id is none of Matrix's");
  return messageId;
}

/** Finds places, by their ids or by the names that rooms have for people. */
export class Places {
  readonly #api: Pick<Api, "resolveAlias">;
  /** A name may be given to another room: it is not believed for ever. */
  readonly #aliases = new BoundedMap<string>(100);

  constructor(api: Pick<Api, "resolveAlias">) {
    this.#api = api;
  }

  /** @throws PlatformError `invalid` for ids that are none of Matrix's, `not-found` for a name that no room has. */
  async find({ platform, chatId, threadId }: ChatRef, signal?: AbortSignal): Promise<Place> {
    if (threadId !== undefined && !isEventId(threadId)) throw refusal(platform, "reach the thread", "its id is none of Matrix's");
    if (isRoomId(chatId)) return { roomId: chatId, threadId };
    if (!isRoomAlias(chatId)) throw refusal(platform, "reach the room", "its id is none of Matrix's");
    const roomId = this.#aliases.get(chatId) ?? (await this.#api.resolveAlias(chatId, signal));
    this.#aliases.set(chatId, roomId);
    return { roomId, threadId };
  }

  /** The rooms are looked for anew. */
  forget(chatId: string): void {
    this.#aliases.delete(chatId);
  }
}
