import type {
  Chat,
  Connection,
  Ended,
  MessageEvent,
  OutboundMessage,
  Platform,
  PlatformEvent,
  SendOptions,
  Sent,
} from "@hermes/core";
import { createSuiteHost, type SuiteHost } from "./suite-host.ts";
import type { Stage } from "./stage.ts";

/** One life of a process: a platform, and the gateway's side of it. */
export interface Life {
  readonly platform: Platform;
  readonly host: SuiteHost;
  /** The newest. Throws before there is one. */
  readonly connection: Connection;
  /** How listening ended; undefined while it goes on, and where the platform is only pushed to. */
  readonly ended: Ended | undefined;
  connect(signal?: AbortSignal): Promise<Connection>;
  /** From now on what people say arrives. */
  listen(): Promise<void>;
  /** Ends listening, and waits for it. */
  stop(): Promise<void>;
  /** The message with this text, once it is stored. */
  heard(text: string): Promise<MessageEvent>;
  /** The first stored event of that kind that fits. */
  noticed<Type extends PlatformEvent["type"]>(
    type: Type,
    fits?: (event: Extract<PlatformEvent, { type: Type }>) => boolean,
  ): Promise<Extract<PlatformEvent, { type: Type }>>;
  /** Sends texts to the usual place. */
  say(texts: string | readonly string[], more?: Saying): Promise<Sent>;
  /** Ends a connection: default the newest. */
  disconnect(connection?: Connection): Promise<void>;
  /** Stops what still runs. */
  end(): Promise<void>;
}

/** What may be said besides text, and how. */
export interface Saying extends Partial<SendOptions> {
  readonly chat?: Chat;
  readonly message?: Partial<OutboundMessage>;
}

let keys = 0;

/** The options of a send that nothing is special about. */
export function plainOptions(more: Partial<SendOptions> = {}): SendOptions {
  keys += 1;
  return { signal: new AbortController().signal, idempotencyKey: `conformance-${keys}`, mentions: [], ...more };
}

export function createLife(platform: Platform, stage: Stage): Life {
  const host = createSuiteHost(stage.storage);
  const connections: Connection[] = [];
  const over = new Set<Connection>();
  const stopping = new AbortController();
  let listening: Promise<void> | undefined;
  let ended: Ended | undefined;
  const newest = (): Connection => connections.at(-1) ?? raise("The platform is not connected");
  const life: Life = {
    platform,
    host,
    get connection() {
      return newest();
    },
    get ended() {
      return ended;
    },
    async connect(signal = new AbortController().signal) {
      if (platform.receive !== undefined) {
        const receive = platform.receive.bind(platform);
        stage.door.receive = (request) => receive(request, host);
      }
      const connection = await stage.within("The platform connected", platform.connect(host, signal));
      connections.push(connection);
      return connection;
    },
    async listen() {
      const connection = newest();
      if (connection.listen === undefined) {
        if (platform.receive === undefined) stage.declines("hears nothing");
        return;
      }
      listening = connection.listen(stopping.signal).then(
        (end) => void (ended = end),
        (error: unknown) => raise(`listen rejected: ${String(error)}`),
      );
      // Looked at in `stop`.
      listening.catch(() => undefined);
      await stage.until("The platform reported that it is up once it listened", () => host.reports.includes("up"));
    },
    async stop() {
      stopping.abort();
      if (listening !== undefined) await stage.within("listen came back after it was asked to", listening);
    },
    heard: (text) => life.noticed("message", (event) => event.text.includes(text)),
    async noticed(type, fits = () => true) {
      type Wanted = Extract<PlatformEvent, { type: typeof type }>;
      const find = (): Wanted | undefined =>
        stage.storage.events.find((event): event is Wanted => event.type === type && fits(event as Wanted));
      await stage.until(`An event of type ${type} that was caused on the server arrived`, () => find() !== undefined);
      return find() ?? raise("The event is gone");
    },
    say(texts, { chat = stage.place.chat, message = {}, ...options } = {}) {
      const all = typeof texts === "string" ? [texts] : texts;
      return newest().send(chat, { texts: all, files: [], actions: [], ...message }, plainOptions(options));
    },
    async disconnect(connection = newest()) {
      over.add(connection);
      await connection.disconnect();
    },
    async end() {
      await life.stop();
      for (const connection of connections.filter((one) => !over.has(one))) await life.disconnect(connection);
    },
  };
  return life;
}

function raise(message: string): never {
  throw new Error(message);
}
