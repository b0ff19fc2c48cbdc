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
import { fieldsOf, textIn } from "../decode/raw-event.ts";
import { isRoomId, isServerName } from "../identifiers.ts";
import type { Rooms } from "../rooms.ts";
import type { Chores } from "./chores.ts";
import { inviterIn, isEncryptedIn, memberNameIn, roomNameIn } from "./invite-state.ts";
import { listIn, type RoomInvite } from "./sync-answer.ts";
import type { RoomUpgrade } from "./upgrades.ts";

export interface InviteOptions {
  readonly platform: string;
  readonly botId: string;
  /** Whose invitations are followed. */
  readonly policy: "allowed" | "all" | "none";
  readonly api: Pick<Api, "join" | "leave">;
  readonly host: PlatformHost;
  readonly clock: Clock;
  readonly rooms: Rooms;
  /** Rooms are joined beside listening, and left beside that: a stranger's rooms keep nobody's waiting. */
  readonly joins: Chores;
  readonly chores: Chores;
  /** Stores events, however long that takes. */
  readonly offer: (events: readonly MembershipEvent[]) => Promise<readonly Acceptance[]>;
  /** Tries a write again until the store takes it. */
  readonly untilStored: (write: () => Promise<void>) => Promise<void>;
}

interface Pending {
  readonly roomId: string;
  readonly inviter: string;
  readonly isDirect: boolean;
  /** A server by way of which it is joined. */
  readonly via?: string;
}

/** Somebody wants the bot in a room, and the gateway is asked. */
interface Wish {
  readonly pending: Pending;
  readonly event: MembershipEvent;
}

/** More invitations at once are somebody's flood: they are left as they are, to be followed or not by hand. */
const maxAtOnce = 500;
/** Of one inviter, so that a stranger's flood leaves room for everybody else's. */
const maxOfOne = 10;
const batchSize = 50;
const maxPending = 100;
/** A process may end again and again between asking the gateway and remembering what it said. */
const maxAsked = 3;
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

  constructor(options: InviteOptions) {
    this.#options = options;
  }

  /** Goes on with what was begun before a restart. */
  async resume(): Promise<void> {
    const kept = fieldsOf(await this.#options.host.memory.get(this.#key));
    for (const entry of listIn(kept, "pending")) {
      const fields = fieldsOf(entry);
      const [roomId, inviter, via] = [textIn(fields, "roomId"), textIn(fields, "inviter"), textIn(fields, "via")];
      if (roomId === undefined || !isRoomId(roomId) || inviter === undefined) continue;
      const isDirect = fields?.["isDirect"] === true;
      this.#follow({ roomId, inviter, isDirect, ...(via !== undefined && isServerName(via) ? { via } : {}) });
    }
  }

  /** To be called before the cursor moves beyond `since`, where these invitations were told of. */
  async handle(invites: readonly RoomInvite[], since: string | undefined): Promise<void> {
    const wishes: Wish[] = [];
    for (const { roomId, state } of this.#looked(invites)) {
      const invite = inviterIn(state, this.#options.botId);
      if (invite === undefined || this.#options.policy === "none") this.#reject(roomId, undefined);
      else if (isEncryptedIn(state)) this.#reject(roomId, encryptedReason);
      else {
        // What is told of a room before it is joined has no ids: the room and where it was told name it.
        const id = `invite:${contentHash([roomId, invite.inviter, since ?? "first"])}`;
        const name = memberNameIn(state, invite.inviter);
        const pending = { roomId, ...invite };
        wishes.push({ pending, event: this.#eventOf(pending, id, roomNameIn(state), name) });
      }
    }
    await this.#grant(wishes, (roomId) => this.#reject(roomId, undefined));
  }

  /** The same for rooms that go on as others: whoever upgrades a room invites the bot into the new one. */
  async follow(upgrades: readonly RoomUpgrade[]): Promise<void> {
    if (this.#options.policy === "none") return;
    const wishes = upgrades.slice(0, maxAtOnce).map(({ roomId, sender, eventId, isDirect, via, name }): Wish => {
      const pending = { roomId, inviter: sender, isDirect, via };
      return { pending, event: this.#eventOf(pending, `upgrade:${eventId}`, name, undefined) };
    });
    // Nobody asked the bot in: there is nothing to reject.
    await this.#grant(wishes, () => undefined);
  }

  get #key(): string {
    return `invites:${this.#options.botId}`;
  }

  #looked(invites: readonly RoomInvite[]): readonly RoomInvite[] {
    const counts = new Map<string, number>();
    const looked = invites
      .filter(({ state }) => {
        const inviter = inviterIn(state, this.#options.botId)?.inviter ?? "";
        const count = (counts.get(inviter) ?? 0) + 1;
        counts.set(inviter, count);
        return count <= maxOfOne;
      })
      .slice(0, maxAtOnce);
    const left = invites.length - looked.length;
    if (left > 0)
      this.#options.host.logger.warn(`${invites.length} invitations came at once; ${left} of them are left as they are`);
    return looked;
  }

  async #grant(wishes: readonly Wish[], refuse: (roomId: string) => void): Promise<void> {
    for (let from = 0; from < wishes.length; from += batchSize) {
      const batch = wishes.slice(from, from + batchSize);
      const granted = await this.#granted(batch);
      for (const { pending } of batch) {
        if (granted.has(pending.roomId)) this.#note(pending);
        else refuse(pending.roomId);
      }
      await this.#options.untilStored(() => this.#save());
      for (const { pending } of batch) if (granted.has(pending.roomId)) this.#follow(pending);
    }
  }

  /**
   * The rooms that may be entered. What was offered before is asked once more under another name: an earlier process may have ended before
   * it remembered the answer, which was a refusal as likely as not.
   */
  async #granted(wishes: readonly Wish[]): Promise<ReadonlySet<string>> {
    const { policy, offer } = this.#options;
    const granted = new Set(policy === "all" ? wishes.map(({ pending }) => pending.roomId) : []);
    let asked = wishes;
    for (let count = 1; asked.length > 0 && count <= maxAsked; count += 1) {
      const answers = await offer(
        asked.map(({ event }) => (count === 1 ? event : { ...event, eventId: `${event.eventId}:${count}` })),
      );
      for (const [index, { pending }] of asked.entries()) {
        if (answers[index] === "stored" || this.#pending.has(pending.roomId)) granted.add(pending.roomId);
      }
      asked = asked.filter(({ pending }, index) => answers[index] === "duplicate" && !granted.has(pending.roomId));
    }
    return granted;
  }

  #eventOf(
    { roomId, inviter, isDirect }: Pending,
    id: string,
    name: string | undefined,
    inviterName: string | undefined,
  ): MembershipEvent {
    const { platform, botId, clock } = this.#options;
    const room = { roomId, isDirect, isEncrypted: false, name };
    return {
      version: 1,
      eventId: `${botId}/${id}`,
      chat: chatOf({ platform, room }),
      origin: { author: authorOf(inviter, { nameOf: () => inviterName }, false), lifetime: "durable" },
      at: new Date(clock.now()).toISOString(),
      type: "membership",
      change: "bot-added",
    };
  }

  #note(pending: Pending): void {
    this.#pending.set(pending.roomId, pending);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size > maxPending && oldest !== undefined) this.#pending.delete(oldest);
  }

  #follow(pending: Pending): void {
    const { roomId, inviter, isDirect, via } = pending;
    const { joins, rooms, api, host } = this.#options;
    this.#note(pending);
    if (isDirect) rooms.noteDirect(roomId, inviter);
    joins.add(`join ${roomId}`, async (signal) => {
      const problem = await this.#try((end) => api.join(roomId, via, end), signal);
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
    const kept: Json = { pending: [...this.#pending.values()].map((pending) => ({ ...pending })) };
    await this.#options.host.memory.set(this.#key, kept);
  }
}
