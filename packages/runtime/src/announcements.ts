import type { Chat, Clock } from "@hermes/core";
import type { Roster } from "./agents/roster.ts";
import type { Ids } from "./ids.ts";
import type { Announced, Announcement } from "./options.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { pauseUntil } from "./pause.ts";
import type { Store, StoredReply } from "./store.ts";

const defaultWaitMs = 10_000;
/** The same key within this time is the same message. */
const keyLifetimeMs = 24 * 60 * 60_000;
/** Where the keys of what was announced are remembered: no platform's name. */
const keysPlace = "$announcements";

/** What announcements are made with. */
export interface AnnouncementsParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly roster: Pick<Roster, "chatKeyOf">;
}

/** Says things in chats without being asked, and tells what the platforms say of it. */
export class Announcements {
  readonly #parts: AnnouncementsParts;
  readonly #running = new Map<string, Promise<string>>();

  constructor(parts: AnnouncementsParts) {
    this.#parts = parts;
  }

  /** Rejects where it was not kept, since the gateway stops. */
  async make({ chat, text, idempotencyKey, waitMs = defaultWaitMs }: Announcement): Promise<Announced> {
    if (this.#parts.outbox.isClosing) throw notTaken();
    const replyId = idempotencyKey === undefined ? await this.#say(chat, text) : await this.#once(chat, text, idempotencyKey);
    return await this.#evidence(replyId, waitMs);
  }

  /** Two calls with one key at once are one. */
  #once(chat: Chat, text: string, key: string): Promise<string> {
    const name = JSON.stringify([chat.ref, key]);
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const saying = this.#sayOnce(chat, text, name).finally(() => this.#running.delete(name));
    this.#running.set(name, saying);
    return saying;
  }

  async #sayOnce(chat: Chat, text: string, name: string): Promise<string> {
    const { store, clock } = this.#parts;
    const known = await store.readMemory(keysPlace, name, clock.now());
    if (typeof known === "string" && (await store.reply(known)) !== undefined) return known;
    return await this.#say(chat, text, async (replyId) => {
      await store.writeMemory({ platform: keysPlace, key: name, value: replyId, expiresAtMs: clock.now() + keyLifetimeMs });
    });
  }

  /** Resolves as soon as it is kept; showing it goes on. */
  async #say(chat: Chat, text: string, note: (replyId: string) => Promise<void> = async () => undefined): Promise<string> {
    const { store, outbox, ids, clock, roster } = this.#parts;
    const replyId = ids.turn();
    const target = { replyId, sessionKey: roster.chatKeyOf(chat), chat };
    const kept = Promise.withResolvers<void>();
    // First the key: whoever asks again after a crash in between finds no reply behind it, and says it anew.
    await note(replyId);
    void outbox.say(target, text, async (parts) => {
      await store.postNotice({ ...target, parts, nowMs: clock.now() });
      kept.resolve();
    });
    // A gateway that stops first keeps nothing any more.
    const stop = (): void => kept.reject(notTaken());
    if (outbox.signal.aborted) stop();
    else outbox.signal.addEventListener("abort", stop, { once: true });
    try {
      await kept.promise;
    } finally {
      outbox.signal.removeEventListener("abort", stop);
    }
    return replyId;
  }

  async #evidence(replyId: string, waitMs: number): Promise<Announced> {
    const { store, outbox, clock } = this.#parts;
    const reply = outbox.find(replyId);
    if (reply !== undefined) {
      const done = new AbortController();
      void reply.settled.then(() => done.abort());
      await pauseUntil(clock.now() + waitMs, clock, done.signal);
    }
    const stored = await store.reply(replyId);
    const parked = stored === undefined ? undefined : outbox.parking.find(stored.chat.ref);
    return { replyId, ...stateOf(stored, parked?.reason) };
  }
}

function notTaken(): Error {
  return new Error("The gateway stops, and has not taken this announcement");
}

/** `parkedBecause`: why its chat cannot be reached now. */
function stateOf(reply: StoredReply | undefined, parkedBecause: string | undefined): Omit<Announced, "replyId"> {
  const parts = reply?.parts ?? [];
  const refs = parts.flatMap((part) => part.refs);
  const failure = parts.findLast((part) => part.failure !== null)?.failure ?? parkedBecause;
  const why = failure === undefined ? {} : { failure };
  if (parts.some(({ state }) => state === "failed")) return { state: "failed", refs, ...why };
  if (parts.some(({ state }) => state === "unknown")) return { state: "unknown", refs, ...why };
  const isSent = parts.length > 0 && parts.every(({ state }) => state === "sent");
  return isSent ? { state: "sent", refs } : { state: "queued", refs, ...why };
}
