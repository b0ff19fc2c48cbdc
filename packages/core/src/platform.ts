import type { Chat, ChatRef, MessageRef, Origin } from "./address.ts";
import type { AgentEvent } from "./agent.ts";
import { completeCapabilities, type Capabilities, type CapabilityTable } from "./capabilities.ts";
import type { ActionEvent, Attachment, CommandEvent, PlatformEvent } from "./event.ts";
import type { Json } from "./json.ts";
import type { LiveMessage } from "./live.ts";
import type { OutboundMessage, SendOptions, Sent } from "./message.ts";

/** How an answer ended. `dropped`: nobody will answer, since a command took the message out of the queue. */
export type AnswerEnding = "finished" | "interrupted" | "failed" | "dropped";

/** What an agent does besides speaking. */
export type ProgressEvent = Extract<AgentEvent, { type: "tool-start" | "tool-end" | "reasoning-delta" | "usage" }>;

/** What a connection can do beyond `send`. Each is present exactly when the capability table declares it. */
export interface Operations {
  /** Makes `ref` show `message`. Throws `not-modified` where it already does. */
  edit(ref: MessageRef, message: OutboundMessage, options: SendOptions): Promise<void>;
  remove(ref: MessageRef): Promise<void>;
  /** null: not in this chat; the reply falls back to edits or to one final message. */
  openLive(chat: Chat, options: SendOptions): Promise<LiveMessage | null>;
  setTyping(chat: Chat, typing: { readonly active: boolean; readonly status?: string }): Promise<void>;
  react(ref: MessageRef, emoji: string, present: boolean): Promise<void>;
  settleAction(event: ActionEvent | CommandEvent, outcome: { readonly notice?: string }): Promise<void>;
  publishCommands(commands: readonly { readonly name: string; readonly description: string }[]): Promise<void>;
  openThread(at: MessageRef | ChatRef, title: string): Promise<Chat>;
  openDirectMessage(userId: string): Promise<Chat>;
  /** Did a send with this key happen? Turns an unknown send into a known one. */
  findSent(chat: Chat, idempotencyKey: string, sinceMs: number): Promise<Sent | undefined>;
  /** History the platform still has after a gap longer than its resume window. */
  catchUp(chat: Chat, since: string): AsyncIterable<PlatformEvent>;
  listChats(): AsyncIterable<Chat>;
  /**
   * Nothing more comes in answer to `origin`: everything is shown or given up. Told once each time an answer ends, also for a message
   * that a command answered, and for one that was taken out of the queue. Must not throw, and is not waited for.
   */
  endAnswer(chat: Chat, origin: Origin, ending: AnswerEnding): void;
  /** The agent that answers `origin` uses a tool, thinks or counts what it used. Must not throw, and is not waited for. */
  noteProgress(chat: Chat, origin: Origin, event: ProgressEvent): void;
  download(
    attachment: Attachment,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<ReadableStream<Uint8Array>>;
}

type Flag<C, K extends PropertyKey> = C extends { readonly [P in K]: infer V } ? V : false;
type When<F, Key extends keyof Operations> = [F] extends [false] ? { [K in Key]?: never } : Pick<Operations, Key>;

/** The operations that a capability table promises, and none besides. */
export type OperationsOf<C extends CapabilityTable> = When<Flag<C, "edit">, "edit"> &
  When<Flag<C, "remove">, "remove"> &
  When<Flag<C, "live">, "openLive"> &
  When<Flag<C, "typing">, "setTyping"> &
  When<Flag<C, "reactions">, "react"> &
  When<Flag<C, "actions">, "settleAction"> &
  When<Flag<C, "commands">, "publishCommands"> &
  When<Flag<C, "threads"> extends { readonly create: true } ? true : false, "openThread"> &
  When<Flag<C, "directMessages">, "openDirectMessage"> &
  When<Flag<C, "lookup">, "findSent"> &
  When<Flag<C, "catchUp">, "catchUp"> &
  When<Flag<C, "listChats">, "listChats"> &
  When<Flag<C, "answerEnds">, "endAnswer"> &
  When<Flag<C, "progress">, "noteProgress"> &
  When<Flag<C, "media"> extends { readonly receive: readonly [unknown, ...unknown[]] } ? true : false, "download">;

/** What became of one event. `refused` is final: acknowledge it like the others. */
export type Acceptance = "stored" | "duplicate" | "refused";

/** The platform's cursor (an offset, a sync token): moves in the same commit that stores the events before it. */
export interface Cursor {
  readonly key: string;
  readonly value: Json;
}

export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What the gateway gives a platform. */
export interface PlatformHost {
  readonly logger: Logger;
  /**
   * One commit for all events and the cursor, in call order per chat. Rejects only when the store cannot take them: then do not
   * acknowledge, and offer the same batch again later. Waiting for it is the back-pressure.
   */
  accept(events: readonly PlatformEvent[], cursor?: Cursor): Promise<readonly Acceptance[]>;
  /** Small durable values of the platform's own (offsets, tokens). A key written as a cursor is read here. */
  readonly memory: {
    get(key: string): Promise<Json | undefined>;
    set(key: string, value: Json, options?: { readonly ttlMs?: number }): Promise<void>;
    delete(key: string): Promise<void>;
  };
  /** The transport fact. An SDK that resumes by itself says `resuming` meanwhile. */
  readonly report: (state: "up" | "resuming" | "degraded", detail?: string) => void;
  /** For addresses that came from outside: guarded against inner networks, redirects re-checked. */
  fetch(request: Request): Promise<Response>;
}

/** A socket somebody opened towards us. */
export interface HostSocket {
  send(data: string | Uint8Array): Promise<void>;
  close(code: number, reason: string): void;
  readonly messages: AsyncIterable<string | Uint8Array>;
}

export type Received = Response | { readonly upgrade: (socket: HostSocket) => Promise<void> };

/** Why `listen` came back. */
export type Ended = { readonly reason: "requested" } | { readonly reason: "lost"; readonly error: Error };

interface ConnectionBase {
  /** The bot itself, as the platform names it. */
  readonly identity: { readonly id: string; readonly name: string };
  /**
   * A promise: while it listens, `host.report("up")` comes at least this often, also when nothing else happens. Whoever breaks it for
   * long is taken for dead and connected anew. Left out where nothing regular happens: silence alone then never counts.
   */
  readonly reportsEveryMs?: number;
  /** What is true of this chat on this server; narrows the still half's table. */
  capabilitiesFor?(chat: Chat): Capabilities;
  /**
   * The inward half where the platform is polled or pushes over a socket. Only the holder of the claims calls it. Never rejects;
   * comes back only when nothing of it runs any more, so that a successor can start at once.
   */
  listen?(signal: AbortSignal): Promise<Ended>;
  /** Sends all of it or throws a `PlatformError`. Returns every message it made. */
  send(chat: Chat, message: OutboundMessage, options: SendOptions): Promise<Sent>;
  /** May be called twice. */
  disconnect(): Promise<void>;
}

export type ConnectionOf<C extends CapabilityTable> = ConnectionBase & OperationsOf<C>;

/** The live half of a platform. */
export type Connection = ConnectionBase & { readonly [K in keyof Operations]?: Operations[K] | undefined };

interface PlatformBase<C extends CapabilityTable, Live> {
  readonly apiVersion: 1;
  /** The instance's id: what `ChatRef.platform` says. */
  readonly id: string;
  readonly kind: string;
  readonly capabilities: C;
  /** Who this is, not the secret: survives rotation, safe to log. Only one holder of a claim listens. */
  readonly claims: readonly { readonly scope: string; readonly fingerprint: string }[];
  /** How long `markdown` is once rendered, in the platform's own unit. Pure and cheap. */
  measure(markdown: string): number;
  /** Webhooks and sockets towards us. Needs secrets only: works while the outward half is down, and on every instance. */
  receive?(request: Request, host: PlatformHost): Promise<Received>;
  /** One attempt. Retrying is the supervisor's job. Throws a `PlatformError`. */
  connect(host: PlatformHost, signal: AbortSignal): Promise<Live>;
}

/** The still half of a platform: facts, and two ways in. */
export type Platform = PlatformBase<Capabilities, Connection>;

/**
 * Checks at compile time that each declared capability has its method and the reverse, and fills the table in.
 *
 * @throws RangeError for a capability table that cannot be met, such as a maximum length of 0.
 */
export function definePlatform<const C extends CapabilityTable>(platform: PlatformBase<C, ConnectionOf<C>>): Platform {
  // Here the strict mould is erased: a registry of platforms needs a variance that `PlatformBase<C>` cannot give.
  return { ...platform, capabilities: completeCapabilities(platform.capabilities) };
}
