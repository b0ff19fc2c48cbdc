import { createHash } from "node:crypto";

export type Fields = Readonly<Record<string, unknown>>;

/** An event as it is kept: `position` orders everything that ever happens on the server. */
export interface StoredEvent {
  readonly event_id: string;
  readonly room_id: string;
  readonly type: string;
  readonly sender: string;
  readonly origin_server_ts: number;
  content: Fields;
  readonly state_key?: string;
  readonly redacts?: string;
  unsigned: Record<string, unknown>;
  readonly position: number;
  /** Which device sent it under which transaction id. */
  readonly transaction?: { readonly deviceId: string; readonly id: string };
}

/** Something in a timeline that is no event, as a broken server would send it. */
export interface Poison {
  readonly raw: unknown;
  readonly position: number;
}

export interface Room {
  readonly id: string;
  readonly version: string;
  readonly events: (StoredEvent | Poison)[];
  /** The latest event of each type and state key. */
  readonly state: Map<string, StoredEvent>;
  readonly typing: Map<string, number>;
}

export interface Account {
  readonly userId: string;
  password: string;
  displayName: string | undefined;
  readonly data: Map<string, { readonly content: Fields; readonly position: number }>;
}

/** What is on the server: accounts, rooms and what happened in them. */
export class World {
  readonly serverName: string;
  readonly accounts = new Map<string, Account>();
  readonly rooms = new Map<string, Room>();
  readonly aliases = new Map<string, string>();
  nowMs: () => number;
  position = 0;
  /** Something that no server should tell is in a timeline. */
  isPoisoned = false;
  /** Told of whatever happens. */
  onChange: () => void = () => undefined;
  #names = 0;

  constructor(serverName: string, nowMs: () => number) {
    this.serverName = serverName;
    this.nowMs = nowMs;
  }

  addAccount(
    name: string,
    { password = "FAKE-password-for-tests", displayName }: { password?: string; displayName?: string } = {},
  ): Account {
    const account = { userId: `@${name}:${this.serverName}`, password, displayName, data: new Map() };
    this.accounts.set(account.userId, account);
    return account;
  }

  setData(account: Account, type: string, content: Fields): void {
    this.position += 1;
    account.data.set(type, { content, position: this.position });
    this.onChange();
  }

  /** A room that `creator` is in. Rooms of version 12 have no server in their id. */
  addRoom(
    creator: string,
    { version = "11", name, isPublic = false }: { version?: string; name?: string | undefined; isPublic?: boolean } = {},
  ): Room {
    const opaque = this.#opaque("room");
    const id = Number(version) >= 12 ? `!${opaque}` : `!${opaque.slice(0, 18)}:${this.serverName}`;
    const room: Room = { id, version, events: [], state: new Map(), typing: new Map() };
    this.rooms.set(id, room);
    this.append(room, { type: "m.room.create", sender: creator, stateKey: "", content: { room_version: version } });
    this.setMembership(room, creator, creator, "join");
    const levels = {
      users: { [creator]: 100 },
      users_default: 0,
      events_default: 0,
      state_default: 50,
      ban: 50,
      kick: 50,
      invite: 0,
      redact: 50,
    };
    this.append(room, { type: "m.room.power_levels", sender: creator, stateKey: "", content: levels });
    this.append(room, {
      type: "m.room.join_rules",
      sender: creator,
      stateKey: "",
      content: { join_rule: isPublic ? "public" : "invite" },
    });
    if (name !== undefined) this.append(room, { type: "m.room.name", sender: creator, stateKey: "", content: { name } });
    return room;
  }

  setMembership(room: Room, userId: string, by: string, membership: string, more: Fields = {}): StoredEvent {
    const displayname = this.accounts.get(userId)?.displayName;
    const content = { membership, ...(displayname === undefined ? {} : { displayname }), ...more };
    return this.append(room, { type: "m.room.member", sender: by, stateKey: userId, content });
  }

  membershipOf(room: Room, userId: string): string {
    const membership = room.state.get(`m.room.member ${userId}`)?.content["membership"];
    return typeof membership === "string" ? membership : "leave";
  }

  membersOf(room: Room): readonly string[] {
    return [...room.state.values()]
      .filter((event) => event.type === "m.room.member" && event.content["membership"] === "join")
      .map((event) => event.state_key ?? "");
  }

  append(
    room: Room,
    event: {
      readonly type: string;
      readonly sender: string;
      readonly content: Fields;
      readonly stateKey?: string;
      readonly redacts?: string;
      readonly atMs?: number;
      readonly transaction?: StoredEvent["transaction"];
    },
  ): StoredEvent {
    this.position += 1;
    const { type, sender, content, stateKey, redacts, atMs = this.nowMs(), transaction } = event;
    const before = stateKey === undefined ? undefined : room.state.get(`${type} ${stateKey}`);
    const stored: StoredEvent = {
      event_id: `$${this.#opaque("event")}`,
      room_id: room.id,
      type,
      sender,
      origin_server_ts: atMs,
      content,
      unsigned: before === undefined ? {} : { prev_content: before.content },
      position: this.position,
      ...(stateKey === undefined ? {} : { state_key: stateKey }),
      ...(redacts === undefined ? {} : { redacts }),
      ...(transaction === undefined ? {} : { transaction }),
    };
    room.events.push(stored);
    if (stateKey !== undefined) room.state.set(`${type} ${stateKey}`, stored);
    this.onChange();
    return stored;
  }

  poison(room: Room, raw: unknown): void {
    this.position += 1;
    this.isPoisoned = true;
    room.events.push({ raw, position: this.position });
    this.onChange();
  }

  find(room: Room, eventId: string): StoredEvent | undefined {
    return eventsIn(room).find((event) => event.event_id === eventId);
  }

  /** Takes the content out, as servers do; what state needs stays. */
  redact(room: Room, eventId: string, by: string, transaction?: StoredEvent["transaction"]): StoredEvent {
    const target = this.find(room, eventId);
    const isNew = Number(room.version) >= 11;
    const redaction = this.append(room, {
      type: "m.room.redaction",
      sender: by,
      content: isNew ? { redacts: eventId } : {},
      ...(isNew ? {} : { redacts: eventId }),
      ...(transaction === undefined ? {} : { transaction }),
    });
    if (target !== undefined) {
      target.content = target.type === "m.room.member" ? { membership: target.content["membership"] } : {};
      target.unsigned = { ...target.unsigned, redacted_because: clientEvent(redaction, undefined) };
    }
    return redaction;
  }

  /** What looks like a hash, and is another each time. */
  #opaque(kind: string): string {
    this.#names += 1;
    return createHash("sha256").update(`${kind} ${this.#names}`).digest("base64url");
  }
}

export function eventsIn(room: Room): readonly StoredEvent[] {
  return room.events.filter((event) => "event_id" in event);
}

/** An event as clients see it; the device that sent it sees its transaction id. */
export function clientEvent(event: StoredEvent, deviceId: string | undefined, withRoom = true): Fields {
  const { position: _position, transaction, room_id: roomId, unsigned, ...rest } = event;
  const own = transaction !== undefined && transaction.deviceId === deviceId ? { transaction_id: transaction.id } : {};
  return { ...rest, unsigned: { age: 1, ...unsigned, ...own }, ...(withRoom ? { room_id: roomId } : {}) };
}
