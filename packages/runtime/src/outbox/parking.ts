import type { ChatRef, Clock, Logger } from "@hermes/core";
import { levelOf } from "../store-error.ts";
import type { ParkedChat, Store } from "../store.ts";

/** How long a chat that cannot be reached is left alone. */
const retryMs = 60 * 60_000;
/** And if the store did not say what waits there. */
const askAgainMs = 30_000;

/** What parking works with. */
export interface ParkingParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shows what waits for a chat; comes back when all of it is shown, given up, or waits again. */
  readonly revive: (chat: Pick<ParkedChat, "platform" | "chatId">) => Promise<void>;
}

interface Place {
  readonly parked: ParkedChat;
  readonly cancel: () => void;
  /** What waits is being shown: the chat is free once that is over. */
  isReviving: boolean;
  readonly freed: (() => void)[];
}

/**
 * Chats that said they cannot be reached: blocked, left, deleted. What is to be said there waits in the store, and is tried again
 * after an hour, when somebody there speaks, or when an operator asks for it.
 */
export class Parking {
  readonly #parts: ParkingParts;
  readonly #places = new Map<string, Place>();
  #isClosed = false;

  constructor(parts: ParkingParts) {
    this.#parts = parts;
  }

  /** What an earlier process parked, to be tried at its time. */
  async open(): Promise<void> {
    for (const parked of await this.#parts.store.listParkedChats()) this.#put(parked);
  }

  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#places.values()) cancel();
  }

  list(): readonly ParkedChat[] {
    return [...this.#places.values()].map(({ parked }) => parked);
  }

  find(chat: ChatRef): ParkedChat | undefined {
    if (this.#places.size === 0) return undefined;
    const place = this.#places.get(keyOf(chat));
    return place === undefined || place.isReviving ? undefined : place.parked;
  }

  park({ platform, chatId }: ChatRef, reason: string): void {
    if (this.#isClosed) return;
    const { store, clock, logger } = this.#parts;
    const nowMs = clock.now();
    const before = this.#places.get(keyOf({ platform, chatId }));
    const sinceMs = before?.parked.sinceMs ?? nowMs;
    const parked: ParkedChat = { platform, chatId, reason, sinceMs, retryAtMs: nowMs + retryMs };
    this.#put(parked);
    if (before === undefined)
      logger.warn(`[${platform}] Chat ${chatId} cannot be reached (${reason}); what is to be said there waits for an hour`);
    // Not kept, it is only tried sooner after a restart.
    store.parkChat(parked).catch((error: unknown) => logger.debug(`[${platform}] Parking was not noted: ${String(error)}`));
  }

  /** The chat can be reached again, or is to be tried all the same: shows what waits there. False if it was not parked. */
  async unpark(chat: ChatRef): Promise<boolean> {
    const key = keyOf(chat);
    const place = this.#places.get(key);
    if (place === undefined || place.isReviving || this.#isClosed) return false;
    const { store, logger, revive } = this.#parts;
    place.cancel();
    place.isReviving = true;
    try {
      await store.unparkChat({ platform: chat.platform, chatId: chat.chatId });
      await revive(chat);
      // Parked again meanwhile, another place holds it now: those who wait look again.
      if (this.#places.get(key) === place) this.#places.delete(key);
    } catch (error) {
      logger[levelOf(error)](
        `[${chat.platform}] What waits for chat ${chat.chatId} could not be taken up, and is tried again: ${String(error)}`,
      );
      if (this.#places.get(key) === place) this.#put({ ...place.parked, retryAtMs: this.#parts.clock.now() + askAgainMs });
    }
    for (const free of place.freed.splice(0)) free();
    return true;
  }

  /** Whether what waited for a chat is being shown right now: what is newer comes after it. */
  isReviving(chat: ChatRef): boolean {
    return this.#places.size > 0 && this.#places.get(keyOf(chat))?.isReviving === true;
  }

  /** Resolves when the chat was tried again, and at once where it is free. */
  async whenTried(chat: ChatRef): Promise<void> {
    const place = this.#places.get(keyOf(chat));
    if (place !== undefined) await new Promise<void>((resolve) => place.freed.push(resolve));
  }

  #put(parked: ParkedChat): void {
    if (this.#isClosed) return;
    const { clock } = this.#parts;
    const key = keyOf(parked);
    const before = this.#places.get(key);
    before?.cancel();
    const cancel = clock.wakeAt(parked.retryAtMs, () => void this.unpark(parked));
    this.#places.set(key, { parked, cancel, isReviving: false, freed: before?.isReviving === false ? before.freed : [] });
  }
}

function keyOf({ platform, chatId }: Pick<ChatRef, "platform" | "chatId">): string {
  return `${platform}\n${chatId}`;
}
