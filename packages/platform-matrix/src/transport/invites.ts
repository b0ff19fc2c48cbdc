import {
  isPlatformError,
  pause,
  type Acceptance,
  type Clock,
  type Json,
  type MembershipEvent,
  type PlatformHost,
} from "@hermes/core";
import type { Api } from "../api.ts";
import { authorOf, chatOf, contentHash } from "../decode/place.ts";
import { fieldsOf, textIn, type Fields } from "../decode/raw-event.ts";
import { isRoomId, isUserId } from "../identifiers.ts";
import type { Rooms } from "../rooms.ts";
import type { Chores } from "./chores.ts";
import { listIn, type RoomInvite } from "./sync-answer.ts";

export interface InviteOptions {
  readonly platform: string;
  readonly botId: string;
  /** Whose invitations are followed. */
  readonly policy: "allowed" | "all" | "none";
  readonly api: Pick<Api, "join" | "leave">;
  readonly host: PlatformHost;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly chores: Chores;
  /** Stores events, however long that takes. */
  readonly offer: (events: readonly MembershipEvent[]) => Promise<readonly Acceptance[]>;
}

interface Pending {
  readonly roomId: string;
  readonly inviter: string;
  readonly isDirect: boolean;
}

/** More invitations at once are somebody's flood: they are left as they are, to be followed or not by hand. */
const maxAtOnce = 50;
const maxPending = 100;
const maxRefused = 100;
/** A room on another server is joined by way of it, which may be slow. */
const triesToJoin = 5;
const firstPauseMs = 2000;

/** Why an encrypted room is not entered, and not spoken in. */
export const encryptedReason =
  "I cannot read encrypted rooms. Please invite me to a room without encryption, or ask the gateway's operator for one.";

/** Follows invitations, or rejects them. Whom it waits to follow is remembered, so that a restart forgets no invitation. */
export class Invites {
  readonly #options: InviteOptions;
  readonly #pending = new Map<string, Pending>();
  /** What was refused: told a second time, it is not taken for what was stored. */
  #refused: readonly string[] = [];

  constructor(options: InviteOptions) {
    this.#options = options;
  }

  /** Goes on with what was begun before a restart. */
  async resume(): Promise<void> {
    const kept = fieldsOf(await this.#options.host.memory.get(this.#key));
    this.#refused = listIn(kept, "refused").filter((id) => typeof id === "string");
    for (const entry of listIn(kept, "pending")) {
      const fields = fieldsOf(entry);
      const [roomId, inviter] = [textIn(fields, "roomId"), textIn(fields, "inviter")];
      if (roomId !== undefined && isRoomId(roomId) && inviter !== undefined) {
        this.#follow({ roomId, inviter, isDirect: fields?.["isDirect"] === true });
      }
    }
  }

  /** To be called before the cursor moves beyond `since`, where these invitations were told of. */
  async handle(invites: readonly RoomInvite[], since: string | undefined): Promise<void> {
    const { host } = this.#options;
    if (invites.length > maxAtOnce) {
      host.logger.warn(`${invites.length} invitations came at once; ${invites.length - maxAtOnce} of them are left as they are`);
    }
    const wanted: { readonly pending: Pending; readonly event: MembershipEvent }[] = [];
    for (const { roomId, state } of invites.slice(0, maxAtOnce)) {
      const invite = this.#inviteIn(state);
      if (invite === undefined || this.#options.policy === "none") this.#reject(roomId, undefined);
      else if (isEncrypted(state)) this.#reject(roomId, encryptedReason);
      else wanted.push({ pending: { roomId, ...invite }, event: this.#eventOf(roomId, invite, state, since) });
    }
    if (wanted.length === 0) return;
    const answers = await this.#options.offer(wanted.map(({ event }) => event));
    const followed: Pending[] = [];
    for (const [index, { pending, event }] of wanted.entries()) {
      if (answers[index] === "refused") this.#refused = [...this.#refused, event.eventId].slice(-maxRefused);
      if (this.#isFollowed(answers[index], event.eventId)) followed.push(pending);
      else this.#reject(pending.roomId, undefined);
    }
    for (const pending of followed) this.#pending.set(pending.roomId, pending);
    await this.#save();
    for (const pending of followed) this.#follow(pending);
  }

  get #key(): string {
    return `invites:${this.#options.botId}`;
  }

  /** Told a second time, what was stored the first time is a duplicate, and so is what was refused. */
  #isFollowed(answer: Acceptance | undefined, eventId: string): boolean {
    if (this.#options.policy === "all") return true;
    return answer === "stored" || (answer === "duplicate" && !this.#refused.includes(eventId));
  }

  #inviteIn(state: readonly unknown[]): Omit<Pending, "roomId"> | undefined {
    const member = state
      .map(fieldsOf)
      .findLast((event) => textIn(event, "type") === "m.room.member" && textIn(event, "state_key") === this.#options.botId);
    const inviter = textIn(member, "sender");
    if (inviter === undefined || !isUserId(inviter)) return undefined;
    return { inviter, isDirect: fieldsOf(member?.["content"])?.["is_direct"] === true };
  }

  /** What is told of a room before it is joined has no ids: the room and where it was told name it. */
  #eventOf(
    roomId: string,
    { inviter, isDirect }: Omit<Pending, "roomId">,
    state: readonly unknown[],
    since: string | undefined,
  ): MembershipEvent {
    const { platform, botId, clock } = this.#options;
    const room = { roomId, isDirect, isEncrypted: false, name: nameIn(state) };
    const nameOf = (userId: string): string | undefined => textIn(contentOf(state, "m.room.member", userId), "displayname");
    return {
      version: 1,
      eventId: `${botId}/invite:${contentHash([roomId, inviter, since ?? "first"])}`,
      chat: chatOf({ platform, room }),
      origin: { author: authorOf(inviter, { nameOf }, false), lifetime: "durable" },
      at: new Date(clock.now()).toISOString(),
      type: "membership",
      change: "bot-added",
    };
  }

  #follow(pending: Pending): void {
    const { roomId, inviter, isDirect } = pending;
    const { chores, rooms, api, host } = this.#options;
    this.#pending.set(roomId, pending);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size > maxPending && oldest !== undefined) this.#pending.delete(oldest);
    if (isDirect) rooms.noteDirect(roomId, inviter);
    chores.add(`join ${roomId}`, async (signal) => {
      const problem = await this.#try((end) => api.join(roomId, end), signal);
      if (problem !== undefined) host.logger.warn(`The invitation to ${roomId} cannot be followed: ${problem}`);
      else if (isDirect) await rooms.saveDirect(roomId, inviter);
      this.#pending.delete(roomId);
      await this.#save();
    });
  }

  #reject(roomId: string, reason: string | undefined): void {
    const { chores, api, host } = this.#options;
    chores.add(`leave ${roomId}`, async (signal) => {
      const problem = await this.#try((end) => api.leave(roomId, reason, end), signal);
      if (problem !== undefined) host.logger.debug(`The invitation to ${roomId} cannot be rejected: ${problem}`);
    });
  }

  /** Tries what may go better later a few times. Returns why it went wrong in the end. */
  async #try(attempt: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<string | undefined> {
    for (let count = 1; ; count += 1) {
      try {
        await attempt(signal);
        return undefined;
      } catch (error) {
        if (!isPlatformError(error) || signal.aborted) throw error;
        const { failure } = error;
        if ((failure.kind !== "unavailable" && failure.kind !== "rate-limited") || count === triesToJoin) return error.message;
        const named = failure.kind === "rate-limited" ? failure.retryAfterMs : undefined;
        await pause(named ?? firstPauseMs * 2 ** (count - 1), this.#options.clock, signal);
      }
    }
  }

  async #save(): Promise<void> {
    const kept: Json = { pending: [...this.#pending.values()].map((pending) => ({ ...pending })), refused: this.#refused };
    await this.#options.host.memory.set(this.#key, kept);
  }
}

function contentOf(state: readonly unknown[], type: string, key: string): Fields | undefined {
  const found = state
    .map(fieldsOf)
    .findLast((event) => textIn(event, "type") === type && (textIn(event, "state_key") ?? "") === key);
  return fieldsOf(found?.["content"]);
}

function nameIn(state: readonly unknown[]): string | undefined {
  return textIn(contentOf(state, "m.room.name", ""), "name");
}

function isEncrypted(state: readonly unknown[]): boolean {
  return contentOf(state, "m.room.encryption", "") !== undefined;
}
