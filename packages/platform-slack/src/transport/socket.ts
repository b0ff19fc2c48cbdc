import { PlatformError, type Clock, type Logger } from "@hermes/core";
import type { SocketModeReceiver } from "@slack/bolt";
import { toPlatformFailure } from "../api/failure.ts";
import type { Http } from "@hermes/http";
import { quietLogger } from "../api/quiet-logger.ts";
import { sdkFetch } from "../api/sdk-fetch.ts";

export interface SocketOptions {
  readonly platform: string;
  readonly appToken: string;
  readonly apiRoot: string;
  readonly http: Http;
  readonly silenceMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What Slack writes into a socket, as far as it is known to be an object. */
export type Frame = Readonly<Record<string, unknown>>;

/** One socket of Socket Mode, from its opening to its end. */
export interface Socket {
  /** Says that an envelope is stored; a socket that closed meanwhile is no failure: Slack sends it again. */
  acknowledge(envelopeId: string): void;
  /** Comes back when nothing of it runs any more. */
  close(): Promise<void>;
  /** Settled when it is closed, whoever closed it. */
  readonly closed: Promise<void>;
}

type Client = SocketModeReceiver["client"];

/** The socket counts as dead when a ping stays unanswered for that long; the SDK pings three times as often. */
const pongMs = 20_000;
/** Slack itself pings about every ten seconds. */
const serverPingMs = 60_000;
const helloMs = 20_000;
/** How long the other side may take to say goodbye. */
const goodbyeMs = 1000;

/**
 * Opens a socket and waits for Slack's hello. The SDK asks for its address, opens it, and watches over it with pings. Reading the frames
 * is done here: the SDK names its own events after what is in them, and trips over what it does not expect. It also does not reconnect:
 * it would wait before, and closes the old socket first.
 */
export async function openSocket(
  options: SocketOptions,
  onFrame: (frame: Frame | undefined, socket: Socket) => void,
  signal: AbortSignal,
): Promise<Socket> {
  const { platform, clock, http, silenceMs } = options;
  const { LogLevel, SocketModeReceiver } = await import("@slack/bolt");
  const { client } = new SocketModeReceiver({
    appToken: options.appToken,
    logger: quietLogger(options.logger, LogLevel.ERROR),
    autoReconnectEnabled: false,
    clientPingTimeout: pongMs,
    serverPingTimeout: serverPingMs,
    installerOptions: {
      clientOptions: {
        slackApiUrl: `${options.apiRoot}/`,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        allowAbsoluteUrls: false,
        fetch: sdkFetch({ http, silenceMs }, () => signal),
      },
    },
  });
  for (const name of ["ws_message", "slack_event"]) client.removeAllListeners(name);
  const closed = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
  const socket: Socket = { acknowledge: (id) => acknowledge(client, id), close: () => close(client, clock), closed };
  client.on("ws_message", (data: unknown) => {
    const frame = frameOf(data);
    if (frame?.["type"] === "hello") client.emit("connected");
    else onFrame(frame, socket);
  });
  const what = "open a socket";
  let isLate = false;
  const giveUp = (): void => void client.disconnect();
  const cancel = clock.wakeAt(clock.now() + helloMs, () => {
    isLate = true;
    giveUp();
  });
  signal.addEventListener("abort", giveUp);
  try {
    if (!signal.aborted) await client.start();
    if (!signal.aborted && !isLate) return socket;
  } catch (error) {
    await close(client, clock);
    // A socket that closed before its hello is told by the SDK without an error.
    if (error !== undefined) throw toPlatformFailure(error, what, platform);
  } finally {
    cancel();
    signal.removeEventListener("abort", giveUp);
  }
  await close(client, clock);
  const why = signal.aborted
    ? "stopped by the caller"
    : isLate
      ? "Slack does not say hello"
      : "it was closed before Slack said hello";
  const failure = { kind: signal.aborted ? "aborted" : "unavailable" } as const;
  throw new PlatformError({ platform, failure, message: `Cannot ${what}: ${why}`, maybeDone: false });
}

function acknowledge(client: Client, envelopeId: string): void {
  const { send } = client as unknown as { readonly send: (this: Client, id: string) => Promise<void> };
  send.call(client, envelopeId).catch(() => undefined);
}

/** Asks twice: the second time the SDK does not wait for the other side. It tells each time that there is no socket any more. */
async function close(client: Client, clock: Clock): Promise<void> {
  const gone = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
  void client.disconnect();
  const cancel = clock.wakeAt(clock.now() + goodbyeMs, () => void client.disconnect());
  await gone;
  cancel();
}

/** undefined: not JSON, or no object. */
function frameOf(data: unknown): Frame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(data);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Frame) : undefined;
  } catch {
    // What cannot be read is told as such by whoever asked.
    return undefined;
  }
}
