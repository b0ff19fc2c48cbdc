import { pause, type AgentHost } from "@hermes/core";
import { AcpError, isAcpError } from "../acp-error.ts";
import { unlessAborted } from "../time-limit.ts";
import type { Peer } from "./peer.ts";

/** A process that lives shorter than this did not get to work: the next one waits longer. */
const shortLifeMs = 30_000;
const firstWaitMs = 250;
/** After so many short lives in a row nobody waits any more: it is refused at once, until some time has passed. */
const mostShortLives = 5;
const firstRestMs = 60_000;
const longestRestMs = 600_000;

/** Keeps one agent's process: starts it when it is needed, and again when it is gone, but not faster and faster. */
export class PeerKeeper {
  readonly #host: Pick<AgentHost, "name" | "logger" | "clock">;
  readonly #start: (signal: AbortSignal) => Promise<Peer>;
  readonly #closing = new AbortController();
  #current: Peer | undefined;
  #starting: Promise<Peer> | undefined;
  #shortLives = 0;
  #restUntilMs = 0;
  /** Processes on their way out. */
  readonly #ending = new Set<Promise<unknown>>();

  constructor(host: Pick<AgentHost, "name" | "logger" | "clock">, start: (signal: AbortSignal) => Promise<Peer>) {
    this.#host = host;
    this.#start = start;
  }

  /** The one that runs. */
  get current(): Peer | undefined {
    return this.#current?.isOver === false ? this.#current : undefined;
  }

  /** The one that runs, or a new one. Rejects with an `AcpError`. */
  async get(signal: AbortSignal): Promise<Peer> {
    if (this.#closing.signal.aborted) throw this.#closed();
    if (this.current !== undefined) return this.current;
    this.#starting ??= this.#startAnew().finally(() => (this.#starting = undefined));
    const peer = await unlessAborted(this.#starting, signal);
    if (peer === undefined) throw new AcpError("closed", `[${this.#host.name}] The agent is not needed any more`);
    return peer;
  }

  /** Ends a process that is of no use; the next that is needed is a new one. */
  async end(peer: Peer, why: string): Promise<void> {
    if (this.#current === peer) this.#current = undefined;
    await this.#track(peer.close(why, "ended"));
  }

  /** Ends what runs, and starts nothing more. */
  async close(): Promise<void> {
    this.#closing.abort();
    // A start that fails now was told to whoever waited for it.
    const started = await this.#starting?.catch(() => undefined);
    for (const peer of new Set([started, this.#current])) if (peer !== undefined) void this.#track(peer.close());
    await Promise.allSettled(this.#ending);
  }

  async #startAnew(): Promise<Peer> {
    const { clock, logger } = this.#host;
    await this.#rest();
    if (this.#closing.signal.aborted) throw this.#closed();
    const startedAtMs = clock.now();
    try {
      const peer = await this.#start(this.#closing.signal);
      this.#current = peer;
      logger.info(`${peer.facts.name}${peer.facts.version === undefined ? "" : ` ${peer.facts.version}`} runs`);
      void this.#watch(peer, startedAtMs);
      return peer;
    } catch (error) {
      const isFailedStart = isAcpError(error) && ["not-started", "ended", "timed-out", "refused"].includes(error.code);
      if (isFailedStart) this.#noteShortLife();
      throw error;
    }
  }

  /** Waits out what the last lives ask for, or refuses where that is too long to wait for. */
  async #rest(): Promise<void> {
    const { clock, name } = this.#host;
    const leftMs = this.#restUntilMs - clock.now();
    if (leftMs <= 0) return;
    if (this.#shortLives >= mostShortLives) {
      const what = `The agent ended ${this.#shortLives} times in a row right after its start`;
      const next = `it is tried again in ${Math.ceil(leftMs / 1000)} s. See its messages in the log`;
      throw new AcpError("not-started", `[${name}] ${what}: ${next}`);
    }
    await pause(leftMs, clock, this.#closing.signal);
  }

  async #watch(peer: Peer, startedAtMs: number): Promise<void> {
    const why = await peer.ended;
    if (this.#current === peer) this.#current = undefined;
    if (why.code === "closed") return;
    this.#host.logger.warn(why.message);
    if (this.#host.clock.now() - startedAtMs < shortLifeMs) this.#noteShortLife();
    else this.#shortLives = 0;
  }

  #noteShortLife(): void {
    this.#shortLives += 1;
    const beyond = this.#shortLives - mostShortLives;
    const waitMs =
      beyond < 0 ? firstWaitMs * 2 ** (this.#shortLives - 1) : Math.min(longestRestMs, firstRestMs * 2 ** Math.min(beyond, 10));
    this.#restUntilMs = this.#host.clock.now() + waitMs;
  }

  async #track(ending: Promise<unknown>): Promise<void> {
    this.#ending.add(ending);
    try {
      await ending;
    } finally {
      this.#ending.delete(ending);
    }
  }

  #closed(): AcpError {
    return new AcpError("closed", `[${this.#host.name}] The agent is shut down`);
  }
}
