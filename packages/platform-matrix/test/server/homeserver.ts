import {
  startProtocolServer,
  type LoggedRequest,
  type ProtocolServer,
  type ServerCall,
  type ServerFault,
} from "@hermes/testkit/server";
import { matrixError } from "./matrix-error.ts";
import { Rates } from "./rates.ts";
import { notIn } from "./rules.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { mediaRoutes } from "./routes/media.ts";
import { messageRoutes } from "./routes/messages.ts";
import { roomRoutes } from "./routes/rooms.ts";
import { syncRoutes } from "./routes/sync.ts";
import { Sessions, type Device } from "./sessions.ts";
import { loadSpecification } from "./specification.ts";
import { World, type Account, type Fields, type Room, type StoredEvent } from "./world.ts";

export interface HomeserverOptions {
  readonly nowMs?: () => number;
  readonly serverName?: string;
}

/** A Matrix homeserver on loopback. */
export class Homeserver {
  readonly world: World;
  readonly sessions = new Sessions();
  readonly rates = new Rates();
  readonly files = new Map<string, { readonly bytes: Uint8Array; readonly mimeType: string; readonly name: string }>();
  readonly filters = new Map<string, Fields>();
  /** Which event came of which transaction of a device. */
  readonly transactions = new Map<string, string>();
  readonly receipts: {
    readonly userId: string;
    readonly roomId: string;
    readonly eventId: string;
    readonly threadId: unknown;
  }[] = [];
  /** What is wrong with what was asked and answered, by the description of the API. */
  readonly violations: string[] = [];
  maxUploadBytes = 50 * 1024 * 1024;
  hasAuthenticatedMedia = true;
  hasRefreshTokens = false;
  encryptsNewRooms = false;
  /** What its `/.well-known/matrix/client` says; undefined: there is none. */
  wellKnown: unknown;
  /** Where files are kept, where that is elsewhere. */
  mediaRedirect: string | undefined;
  /** The bot, logged in on one device. */
  readonly bot: Account;
  readonly device: Device;
  /** Called with a room that was opened for somebody. */
  onDirectInvite: (room: Room, guests: readonly string[]) => void = () => undefined;
  readonly nowMs: () => number;
  readonly #held = new Set<{ readonly look: () => void; readonly end: () => void }>();
  #server: ProtocolServer | undefined;

  constructor({ nowMs = Date.now, serverName = "example.org" }: HomeserverOptions) {
    this.nowMs = nowMs;
    this.world = new World(serverName, nowMs);
    this.world.onChange = () => {
      for (const { look } of this.#held) look();
      this.#server?.changed();
    };
    this.bot = this.world.addAccount("hermes", { displayName: "Hermes" });
    this.device = this.sessions.open(this.bot.userId);
  }

  get url(): string {
    return this.#running.url;
  }

  get log(): readonly LoggedRequest[] {
    return this.#running.log;
  }

  get underWay(): number {
    return this.#running.underWay;
  }

  get connections(): number {
    return this.#running.connections;
  }

  get isPolled(): boolean {
    return this.#held.size > 0;
  }

  get #running(): ProtocolServer {
    if (this.#server === undefined) throw new Error("The homeserver does not run");
    return this.#server;
  }

  /** `port`: that of its earlier life. */
  async start(port?: number): Promise<void> {
    const routes = [accountRoutes, roomRoutes, messageRoutes, syncRoutes, mediaRoutes].flatMap((make) => make(this));
    const specification = await loadSpecification();
    const tell = (what: string): void => {
      if (!this.world.isPoisoned) this.violations.push(what);
    };
    this.#server = await startProtocolServer({
      routes: specification === undefined ? routes : routes.map((route) => specification.watch(route, tell)),
      unknown: () => matrixError(404, "M_UNRECOGNIZED", "Unrecognized request").reply,
      broken: (error) => matrixError(500, "M_UNKNOWN", String(error)).reply,
      secrets: [],
      port,
    });
  }

  requestsOf(operation: string): readonly LoggedRequest[] {
    return this.#running.requestsOf(operation);
  }

  fail(operation: string, fault: ServerFault, times = 1): void {
    this.#running.fail(operation, fault, times);
  }

  mend(): void {
    this.#running.mend();
  }

  until(condition: () => boolean, what?: string): Promise<void> {
    return this.#running.until(condition, what);
  }

  async close(): Promise<void> {
    this.lapse();
    await this.#server?.close();
  }

  /** The homeserver goes down, `meanwhile` happens, and it comes back under the same address with all that it kept. */
  async restart(meanwhile: () => void | Promise<void> = () => undefined): Promise<void> {
    const port = Number(new URL(this.url).port);
    await this.close();
    await meanwhile();
    await this.start(port);
  }

  /** The room of a call, for somebody who is in it. */
  roomOf(call: ServerCall, userId: string): Room {
    const id = call.parameters["room"] ?? "";
    const room = this.world.rooms.get(id);
    if (room === undefined || this.world.membershipOf(room, userId) !== "join") throw notIn(userId, id);
    return room;
  }

  keepFilter(filter: Fields): string {
    const id = String(this.filters.size + 1);
    this.filters.set(id, filter);
    return id;
  }

  /** Holds a call until `condition` holds, its time is over, or the caller goes away. */
  async hold(timeoutMs: number, signal: AbortSignal, condition: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (condition()) resolve();
    };
    const timer = setTimeout(resolve, timeoutMs);
    const held = { look, end: resolve };
    this.#held.add(held);
    signal.addEventListener("abort", () => resolve(), { once: true });
    this.#running.changed();
    try {
      await promise;
      // Whoever said something is answered before the others are told.
      await new Promise((next) => setTimeout(next, 3));
    } finally {
      clearTimeout(timer);
      this.#held.delete(held);
    }
  }

  /** The time of every call that is held is over. */
  lapse(): void {
    for (const { end } of this.#held) end();
  }

  /** Somebody says something. */
  say(room: Room, sender: string, text: string, more: Fields = {}): StoredEvent {
    return this.world.append(room, {
      type: "m.room.message",
      sender,
      content: { msgtype: "m.text", body: text, "m.mentions": {}, ...more },
    });
  }

  /** Somebody edits what they said. */
  edit(room: Room, event: Pick<StoredEvent, "event_id" | "sender">, text: string, by = event.sender): StoredEvent {
    const content = { msgtype: "m.text", body: text, "m.mentions": {} };
    return this.world.append(room, {
      type: "m.room.message",
      sender: by,
      content: {
        ...content,
        body: `* ${text}`,
        "m.new_content": content,
        "m.relates_to": { rel_type: "m.replace", event_id: event.event_id },
      },
    });
  }

  react(room: Room, event: Pick<StoredEvent, "event_id">, key: string, by: string): StoredEvent {
    const content = { "m.relates_to": { rel_type: "m.annotation", event_id: event.event_id, key } };
    return this.world.append(room, { type: "m.reaction", sender: by, content });
  }

  /** A room for two that the bot is in, and says is a direct chat. */
  addDirect(other: Account, name?: string): Room {
    const room = this.world.addRoom(other.userId, { name });
    this.world.setMembership(room, this.bot.userId, other.userId, "invite", { is_direct: true });
    this.world.setMembership(room, this.bot.userId, this.bot.userId, "join");
    const before = this.bot.data.get("m.direct")?.content[other.userId];
    const known = Array.isArray(before) ? (before as readonly string[]) : [];
    this.world.setData(this.bot, "m.direct", { ...this.bot.data.get("m.direct")?.content, [other.userId]: [...known, room.id] });
    return room;
  }

  /** A room with all of them and the bot in it. */
  addGroup(members: readonly Account[], options: { readonly name?: string; readonly version?: string } = {}): Room {
    const [creator, ...others] = members;
    if (creator === undefined) throw new Error("A room needs somebody who opens it");
    const room = this.world.addRoom(creator.userId, options);
    for (const { userId } of [...others, this.bot]) {
      this.world.setMembership(room, userId, creator.userId, "invite");
      this.world.setMembership(room, userId, userId, "join");
    }
    return room;
  }
}
