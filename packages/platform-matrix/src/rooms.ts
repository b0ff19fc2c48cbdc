import { BoundedMap, toPlatformError, type Clock } from "@hermes/core";
import type { Api } from "./api.ts";
import { fieldsOf, textIn, type Fields } from "./decode/raw-event.ts";
import { shortName, type RoomFacts } from "./decode/place.ts";

export interface RoomsOptions {
  readonly platform: string;
  readonly botId: string;
  readonly api: Pick<Api, "state" | "members" | "directRooms" | "setDirectRooms">;
  readonly clock: Clock;
}

interface Room {
  name: string | undefined;
  isEncrypted: boolean;
  /** Undefined where it was not worth asking. */
  memberCount: number | undefined;
  readonly askedAtMs: number;
}

const memory = 500;
/** How long a room that nobody listens to is taken to be as it was. */
const freshMs = 10 * 60_000;

/** What is known of the rooms: asked for once, and kept up to date by what happens in them. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #rooms = new BoundedMap<Room>(memory);
  /** By room: with whom. */
  #direct: ReadonlyMap<string, string> = new Map();
  #isDirectKnown = false;
  /** Direct rooms that the account's data do not name yet. */
  readonly #newDirect = new BoundedMap<string>(memory);
  #isListening = false;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  /** While it listens, the homeserver tells of every change. */
  get isListening(): boolean {
    return this.#isListening;
  }

  set isListening(is: boolean) {
    // What changed while nobody listened was told to nobody.
    if (is !== this.#isListening) this.#rooms.clear();
    this.#isListening = is;
  }

  /**
   * What is true of a room. Throws a `PlatformError` where the homeserver does not say and may do so later; with `isLenient`, it is
   * taken to be an ordinary room then.
   */
  async facts(roomId: string, signal?: AbortSignal, isLenient = false): Promise<RoomFacts> {
    const room = await this.#find(roomId, signal, isLenient);
    const isDirect = this.#isNamedDirect(roomId) && (room.memberCount ?? 2) <= 2;
    return { roomId, isDirect, isEncrypted: room.isEncrypted, name: room.name };
  }

  async #find(roomId: string, signal: AbortSignal | undefined, isLenient: boolean): Promise<Room> {
    const { clock, platform, api } = this.#options;
    const known = this.#rooms.get(roomId);
    if (known !== undefined && (this.isListening || clock.now() - known.askedAtMs < freshMs)) return known;
    try {
      await this.loadDirect(signal);
      const encryption = await api.state(roomId, "m.room.encryption", signal);
      const name = shortName(textIn(await api.state(roomId, "m.room.name", signal), "name"));
      const memberCount = this.#isNamedDirect(roomId) ? (await api.members(roomId, signal)).length : undefined;
      const room = { name, isEncrypted: encryption !== undefined, memberCount, askedAtMs: clock.now() };
      this.#rooms.set(roomId, room);
      return room;
    } catch (error) {
      const { kind } = toPlatformError(error, platform).failure;
      if (!isLenient || kind === "aborted" || kind === "unauthorized") throw error;
      return { name: undefined, isEncrypted: false, memberCount: undefined, askedAtMs: 0 };
    }
  }

  #isNamedDirect(roomId: string): boolean {
    return this.#direct.has(roomId) || this.#newDirect.has(roomId);
  }

  /** Makes sure that the direct chats are known. */
  async loadDirect(signal?: AbortSignal): Promise<void> {
    if (!this.#isDirectKnown || !this.isListening) this.setDirect(await this.#options.api.directRooms(signal));
  }

  /** The account's `m.direct`, as it is now. */
  setDirect(content: Fields): void {
    const rooms = Object.entries(content).flatMap(([userId, ids]) =>
      Array.isArray(ids) ? ids.filter((id) => typeof id === "string").map((id) => [id, userId] as const) : [],
    );
    this.#direct = new Map(rooms);
    this.#isDirectKnown = true;
  }

  /** The rooms that are direct chats with somebody, the latest last. */
  directWith(userId: string): readonly string[] {
    return [...this.#direct].filter(([, other]) => other === userId).map(([roomId]) => roomId);
  }

  /** From now on this is a direct chat; `saveDirect` tells the homeserver. */
  noteDirect(roomId: string, userId: string): void {
    this.#newDirect.set(roomId, userId);
    this.#rooms.delete(roomId);
  }

  /** Writes a direct chat into the account's data, as people's clients do. */
  async saveDirect(roomId: string, userId: string): Promise<void> {
    // The data are read, changed and written: two at once would lose one.
    const before = this.#saving;
    const saving = before.then(() => this.#saveDirect(roomId, userId));
    this.#saving = saving.catch(() => undefined);
    await saving;
  }

  async #saveDirect(roomId: string, userId: string): Promise<void> {
    const { api } = this.#options;
    const content = await api.directRooms();
    const before = content[userId];
    const rooms = Array.isArray(before) ? before.filter((id) => typeof id === "string") : [];
    const after = rooms.includes(roomId) ? content : { ...content, [userId]: [...rooms, roomId] };
    if (after !== content) await api.setDirectRooms(after);
    this.setDirect(after);
  }

  /** One piece of a room's state. Returns whether the room has become encrypted by it. */
  noteState(roomId: string, raw: unknown): boolean {
    const event = fieldsOf(raw);
    const content = fieldsOf(event?.["content"]);
    const room = this.#rooms.get(roomId);
    const type = textIn(event, "type");
    if (content === undefined) return false;
    if (type === "m.room.encryption") {
      const isNew = room?.isEncrypted === false;
      if (room !== undefined) room.isEncrypted = true;
      return isNew;
    }
    if (room === undefined) return false;
    if (type === "m.room.name") room.name = shortName(textIn(content, "name"));
    // Somebody came or went: a direct chat of three is none.
    if (type === "m.room.member" && room.memberCount !== undefined) this.#rooms.delete(roomId);
    return false;
  }

  forget(roomId: string): void {
    this.#rooms.delete(roomId);
    this.#newDirect.delete(roomId);
  }
}
