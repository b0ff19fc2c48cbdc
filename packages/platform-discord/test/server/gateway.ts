import { randomUUID } from "node:crypto";
import type { ServerSocket } from "@hermes/testkit/server";
import type { Shapes } from "./shapes.ts";
import type { World } from "./world.ts";

interface Frame {
  readonly op: number;
  readonly d: unknown;
  readonly s?: number;
  readonly t?: string;
}
interface Session {
  readonly id: string;
  readonly intents: number;
  readonly replay: Frame[];
  sequence: number;
  socket: ServerSocket | undefined;
  lastBeatMs: number;
}
interface Greeting {
  readonly token?: unknown;
  readonly intents?: unknown;
  readonly properties?: unknown;
  readonly session_id?: unknown;
  readonly seq?: unknown;
}

const intentOf: Readonly<Record<string, readonly [inGuild: number, inDirect: number]>> = {
  MESSAGE: [1 << 9, 1 << 12],
  MESSAGE_REACTION: [1 << 10, 1 << 13],
};
const messageContent = 1 << 15;
const privileged = (1 << 1) | (1 << 8) | messageContent;
const maxReplay = 10_000;

export interface GatewayOptions {
  readonly world: World;
  readonly shapes: Shapes;
  readonly token: string;
  readonly applicationId: string;
  readonly nowMs: () => number;
  readonly url: () => string;
  readonly changed: () => void;
}

/** The gateway: sessions that outlive their connections, and tell again what a connection missed. */
export class Gateway {
  /** Milliseconds between heartbeats. */
  intervalMs = 45_000;
  /** Heartbeats are taken and not answered. */
  isDeaf = false;
  /** The application may read messages. */
  mayReadMessages = true;
  /** How many sessions may still be started today. */
  sessionsLeft = 1000;
  /** Closes every new connection with this code once it says who it is. */
  refusesWith: number | undefined;
  /** What clients sent, by opcode. */
  readonly received: Frame[] = [];
  readonly sessions = new Map<string, Session>();
  readonly #options: GatewayOptions;
  readonly #open = new Set<ServerSocket>();

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** Connections with a session. */
  get connected(): number {
    return [...this.sessions.values()].filter(({ socket }) => socket !== undefined).length;
  }

  /** Connections of any kind. */
  get open(): number {
    return this.#open.size;
  }

  count(op: number): number {
    return this.received.filter((frame) => frame.op === op).length;
  }

  /** Every session that wants to know is told, now or when it is resumed. */
  dispatch(name: string, data: unknown): void {
    for (const session of this.sessions.values()) {
      if (isWanted(name, data, session.intents)) this.#tell(session, name, this.#seen(name, data, session));
    }
  }

  /** Sends something that is no dispatch. */
  send(op: number, d: unknown): void {
    for (const { socket } of this.sessions.values()) socket?.send({ op, d });
  }

  /** Closes every connection with a code; sessions stay. */
  close(code: number): void {
    for (const socket of this.#open) socket.close(code);
  }

  /** Breaks every connection, as a network does. */
  drop(): void {
    for (const socket of this.#open) socket.drop();
  }

  /** Nothing can be resumed any more. */
  expireSessions(): void {
    for (const session of this.sessions.values()) session.socket?.close(4000);
    this.sessions.clear();
  }

  async serve(socket: ServerSocket): Promise<void> {
    this.#open.add(socket);
    let session: Session | undefined;
    try {
      if (socket.url.searchParams.get("v") !== "10") return socket.close(4012);
      socket.send({ op: 10, d: { heartbeat_interval: this.intervalMs }, s: null, t: null });
      for await (const bytes of socket.messages) {
        const frame = frameIn(bytes);
        if (frame === undefined) return socket.close(4002);
        this.received.push(frame);
        if (frame.op === 1) this.#beat(socket, session);
        else if (frame.op === 2 || frame.op === 6) {
          if (session !== undefined) return socket.close(4005);
          session = this.#greet(socket, frame.op, frame.d as Greeting);
        } else if (session === undefined) return socket.close(4003);
        else if (![3, 4, 8].includes(frame.op)) return socket.close(4001);
        this.#options.changed();
      }
    } finally {
      this.#open.delete(socket);
      if (session?.socket === socket) session.socket = undefined;
      this.#options.changed();
    }
  }

  #beat(socket: ServerSocket, session: Session | undefined): void {
    if (session !== undefined) session.lastBeatMs = this.#options.nowMs();
    if (!this.isDeaf) socket.send({ op: 11, d: null, s: null, t: null });
  }

  /** Whoever kept no heartbeat is hung up on; to be called when time has passed. */
  sweep(): void {
    for (const session of this.sessions.values()) {
      if (this.#options.nowMs() - session.lastBeatMs > this.intervalMs * 1.5) session.socket?.close(4009);
    }
  }

  #greet(socket: ServerSocket, op: number, data: Greeting): Session | undefined {
    const { world, shapes, applicationId, token, url } = this.#options;
    const refuse = (code: number): undefined => {
      socket.close(code);
      return undefined;
    };
    if (this.refusesWith !== undefined) return refuse(this.refusesWith);
    if (data.token !== token) return refuse(4004);
    if (op === 6) return this.#resume(socket, data);
    if (typeof data.intents !== "number" || data.intents >= 1 << 27 || typeof data.properties !== "object") return refuse(4013);
    if ((data.intents & privileged) !== 0 && !this.mayReadMessages) return refuse(4014);
    this.sessionsLeft -= 1;
    const lastBeatMs = this.#options.nowMs();
    const session: Session = { id: randomUUID(), intents: data.intents, replay: [], sequence: 0, socket, lastBeatMs };
    this.sessions.set(session.id, session);
    this.#tell(session, "READY", {
      v: 10,
      user: shapes.user(world.bot),
      guilds: [...world.guilds.keys()].map((id) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: url(),
      shard: [0, 1],
      application: { id: applicationId, flags: this.mayReadMessages ? 1 << 19 : 0 },
    });
    for (const guild of world.guilds.values()) this.#tell(session, "GUILD_CREATE", shapes.guildCreated(guild));
    return session;
  }

  #resume(socket: ServerSocket, { session_id: id, seq }: Greeting): Session | undefined {
    const session = typeof id === "string" ? this.sessions.get(id) : undefined;
    if (session === undefined || typeof seq !== "number") {
      socket.send({ op: 9, d: false, s: null, t: null });
      return undefined;
    }
    if (seq > session.sequence) {
      socket.close(4007);
      return undefined;
    }
    session.socket?.close(4000);
    session.socket = socket;
    session.lastBeatMs = this.#options.nowMs();
    for (const frame of session.replay) if ((frame.s ?? 0) > seq) socket.send(frame);
    this.#tell(session, "RESUMED", { _trace: [] });
    return session;
  }

  #tell(session: Session, name: string, data: unknown): void {
    session.sequence += 1;
    const frame = { op: 0, t: name, s: session.sequence, d: data };
    session.replay.push(frame);
    if (session.replay.length > maxReplay) session.replay.shift();
    session.socket?.send(frame);
  }

  /** Without the intent a message says nothing, unless it is for the bot. */
  #seen(name: string, data: unknown, { intents }: Session): unknown {
    if (!name.startsWith("MESSAGE_") || (intents & messageContent) !== 0 || typeof data !== "object" || data === null)
      return data;
    const { guild_id: guild, mentions = [] } = data as {
      readonly guild_id?: string;
      readonly mentions?: readonly { readonly id: string }[];
    };
    if (guild === undefined || mentions.some(({ id }) => id === this.#options.world.bot.id) || !("content" in data)) return data;
    return { ...data, content: "", attachments: [], embeds: [], components: [] };
  }
}

function isWanted(name: string, data: unknown, intents: number): boolean {
  const family = name.startsWith("MESSAGE_REACTION") ? "MESSAGE_REACTION" : name.startsWith("MESSAGE") ? "MESSAGE" : undefined;
  if (family === undefined) return true;
  const [inGuild, inDirect] = intentOf[family] ?? [0, 0];
  const isGuild = typeof data === "object" && data !== null && "guild_id" in data;
  return typeof data !== "object" || data === null || (intents & (isGuild ? inGuild : inDirect)) !== 0;
}

function frameIn(bytes: string | Uint8Array): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes));
    return typeof frame === "object" && frame !== null && "op" in frame ? (frame as Frame) : undefined;
  } catch {
    // No JSON.
    return undefined;
  }
}
