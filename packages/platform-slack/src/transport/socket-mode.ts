import { isPlatformError, pause, PlatformError, toPlatformError, type Ended } from "@hermes/core";
import type { SlackUpdate } from "../decode.ts";
import { openSocket, type Frame, type Socket, type SocketOptions } from "./socket.ts";

export interface SocketListening extends SocketOptions {
  /** Resolves once the update is stored. */
  take(update: SlackUpdate): Promise<void>;
  report(state: "up" | "resuming" | "degraded", detail?: string): void;
}

/** While a socket is open, which the SDK's pings make sure of, this is told so often. */
export const reportsEveryMs = 30_000;
const tickMs = 10_000;
/** More that is not stored yet is not taken: Slack sends it again. */
const maxUnstored = 200;
/** How long to wait before each try in a row; the supervisor hears of it after the last one. */
const pausesMs = [0, 1000, 2000, 4000, 8000] as const;
/** A socket that lived for so long was no failure. */
const livedMs = 10_000;
/** A rate limit that lasts longer is the supervisor's to wait out. */
const longestRateLimitMs = 60_000;
/** How long what is being stored may take when a socket is given up. */
const drainMs = 2000;

/** How a socket ended, or is about to. */
type Turn = "refresh" | "lost" | "disabled" | "stopped";

interface Session {
  readonly socket: Socket;
  readonly openedAtMs: number;
  readonly turn: Promise<Turn>;
}

/**
 * Listens by Socket Mode until `signal` is aborted or it is of no use. An envelope is acknowledged once it is stored. When Slack says that
 * a socket is about to close, another one is opened first: nothing is missed in between. Never rejects; nothing runs when it comes back.
 */
export async function listenBySocket(listening: SocketListening, signal: AbortSignal): Promise<Ended> {
  const listener = new SocketListener(listening, signal);
  try {
    await listener.run();
    return { reason: "requested" };
  } catch (error) {
    if (signal.aborted) return { reason: "requested" };
    return { reason: "lost", error: error instanceof Error ? error : toPlatformError(error, listening.platform) };
  } finally {
    await listener.end();
  }
}

class SocketListener {
  readonly #given: SocketListening;
  readonly #signal: AbortSignal;
  readonly #unstored = new Set<Promise<void>>();
  readonly #open = new Set<Socket>();
  #isTroubled = false;
  #cancelTick: () => void = () => undefined;

  constructor(given: SocketListening, signal: AbortSignal) {
    this.#given = given;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    let failures = 0;
    let before: Session | undefined;
    while (!this.#signal.aborted) {
      let session: Session;
      try {
        session = await this.#begin();
      } catch (error) {
        const pauseMs = this.#signal.aborted ? undefined : pauseAfter(error, ++failures);
        if (pauseMs === undefined) throw error;
        this.#given.report(before === undefined ? "degraded" : "resuming", error instanceof Error ? error.message : undefined);
        await pause(pauseMs, this.#given.clock, this.#signal);
        continue;
      }
      if (before !== undefined) this.#retire(before.socket);
      before = session;
      this.#tick();
      const turn = await session.turn;
      this.#cancelTick();
      if (turn === "stopped") return;
      if (turn === "disabled") throw this.#disabled();
      const lasted = this.#given.clock.now() - session.openedAtMs >= livedMs;
      failures = lasted ? 0 : failures + 1;
      if (failures >= pausesMs.length) throw this.#restless();
      if (turn === "lost") this.#given.report("resuming", "The socket closed; opening another one");
      await pause(pausesMs[Math.max(0, failures - 1)] ?? 0, this.#given.clock, this.#signal);
    }
  }

  /** Waits a little for what is being stored, so that it need not come again; then everything is closed. */
  async end(): Promise<void> {
    this.#cancelTick();
    await this.#drained();
    await Promise.all([...this.#open].map((socket) => socket.close()));
  }

  async #begin(): Promise<Session> {
    const { promise: turn, resolve } = Promise.withResolvers<Turn>();
    const socket = await openSocket(this.#given, (frame, from) => this.#onFrame(frame, from, resolve), this.#signal);
    this.#open.add(socket);
    const stop = (): void => resolve("stopped");
    this.#signal.addEventListener("abort", stop);
    if (this.#signal.aborted) stop();
    void socket.closed.then(() => {
      this.#open.delete(socket);
      this.#signal.removeEventListener("abort", stop);
      resolve("lost");
    });
    return { socket, openedAtMs: this.#given.clock.now(), turn };
  }

  #onFrame(frame: Frame | undefined, socket: Socket, turn: (turn: Turn) => void): void {
    // What was on its way when everything ended comes again.
    if (this.#signal.aborted) return;
    if (frame?.["type"] === "disconnect") return turn(frame["reason"] === "link_disabled" ? "disabled" : "refresh");
    if (this.#unstored.size >= maxUnstored)
      return this.#trouble(`${maxUnstored} events wait to be stored; Slack will send more later`);
    const envelopeId = frame?.["envelope_id"];
    const stored = this.#given
      .take(updateOf(frame))
      .then(
        () => {
          if (typeof envelopeId === "string") socket.acknowledge(envelopeId);
          if (this.#isTroubled) this.#well();
        },
        (error: unknown) => this.#trouble(`Events cannot be stored: ${error instanceof Error ? error.name : "unknown error"}`),
      )
      .finally(() => this.#unstored.delete(stored));
    this.#unstored.add(stored);
  }

  #trouble(detail: string): void {
    this.#isTroubled = true;
    this.#given.report("degraded", detail);
  }

  #well(): void {
    this.#isTroubled = false;
    this.#given.report("up");
  }

  #tick(): void {
    if (!this.#isTroubled) this.#given.report("up");
    this.#cancelTick = this.#given.clock.wakeAt(this.#given.clock.now() + tickMs, () => this.#tick());
  }

  /** The old socket may still bring what was sent before the new one was there, and takes its acknowledgements. */
  #retire(socket: Socket): void {
    if (!this.#open.has(socket)) return;
    // `end` waits for the sockets that are still open.
    void this.#drained().then(() => socket.close());
  }

  async #drained(): Promise<void> {
    if (this.#unstored.size === 0) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.#given.clock.wakeAt(this.#given.clock.now() + drainMs, resolve);
    await Promise.race([Promise.allSettled(this.#unstored), late]);
    cancel();
  }

  #disabled(): PlatformError {
    const message =
      "Cannot listen: Socket Mode is switched off for the app; switch it on under Socket Mode at api.slack.com/apps";
    return new PlatformError({ platform: this.#given.platform, failure: { kind: "forbidden" }, message });
  }

  #restless(): PlatformError {
    const message = "Cannot listen: Slack closes every socket soon after it opened";
    return new PlatformError({ platform: this.#given.platform, failure: { kind: "unavailable" }, message, maybeDone: false });
  }
}

function updateOf(frame: Frame | undefined): SlackUpdate {
  const payload = frame?.["payload"];
  switch (frame?.["type"]) {
    case "events_api":
      return { kind: "event", payload };
    case "interactive":
      return { kind: "interaction", payload };
    case "slash_commands":
      return { kind: "command", payload };
    default:
      // Of a kind that is not known: kept as what could not be read.
      return { kind: "event", payload: frame ?? null };
  }
}

/** How long to wait before trying again; undefined when that is not this loop's decision. */
function pauseAfter(error: unknown, failures: number): number | undefined {
  if (!isPlatformError(error)) return undefined;
  const { failure } = error;
  if (failure.kind === "rate-limited") {
    const { retryAfterMs = 5000 } = failure;
    return retryAfterMs <= longestRateLimitMs ? retryAfterMs : undefined;
  }
  return failure.kind === "unavailable" ? pausesMs[failures] : undefined;
}
