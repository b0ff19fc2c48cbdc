import {
  PlatformError,
  toPlatformError,
  type Clock,
  type Connection,
  type Ended,
  type Logger,
  type Platform,
  type PlatformHost,
} from "@hermes/core";
import type { Connections } from "./connections.ts";
import type { Lease, Locks } from "./locks.ts";
import type { PlatformState, PlatformStatus } from "./options.ts";
import type { PlatformFacts } from "./platform-facts.ts";
import { pauseUntil, timeLimited } from "./pause.ts";

const firstRetryMs = 1000;
const maxRetryMs = 5 * 60_000;
/** The other holder of a bot's credentials needs this long to be gone for certain. */
const conflictRetryMs = 2 * 60_000;
const blockedRetryMs = 30_000;
/** A connection that lasted this long was a good one: counting starts anew. */
const steadyMs = 60_000;

/** What a supervisor works with. */
export interface SupervisorParts {
  readonly platform: Platform;
  readonly connections: Connections;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly connectTimeoutMs: number;
  /** What a loser of this platform's claim is told. */
  readonly holder: string;
  /** What came in and what went out. */
  readonly facts: PlatformFacts;
  createHost(report: PlatformHost["report"]): PlatformHost;
}

/** Keeps one platform connected: claims, connects, listens, and tries again with back-off until it is stopped. */
export class Supervisor {
  readonly host: PlatformHost;
  readonly #parts: SupervisorParts;
  readonly #stopping = new AbortController();
  #condition: PlatformState = { state: "stopped" };
  #sinceMs: number;
  #identity: PlatformStatus["identity"];
  #failures = 0;
  /** Aborted to look anew at what is to be done. */
  #round = new AbortController();
  #isPaused = false;
  #running: Promise<void> | undefined;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#sinceMs = parts.clock.now();
    this.host = parts.createHost((state, detail) => this.#hear(state, detail));
  }

  get status(): PlatformStatus {
    const { platform, facts } = this.#parts;
    return {
      id: platform.id,
      kind: platform.kind,
      sinceMs: this.#sinceMs,
      condition: this.#condition,
      ...(this.#identity === undefined ? {} : { identity: this.#identity }),
      admission: facts.admission(platform.id),
      delivery: facts.delivery(platform.id),
    };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when nothing of the platform runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort("shutdown");
    await this.#running;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Disconnects until it is resumed; false if it is paused already. */
  pause(): boolean {
    if (this.#isPaused) return false;
    this.#isPaused = true;
    this.#parts.connections.pause(this.#parts.platform.id);
    this.#round.abort("paused");
    return true;
  }

  /** Connects again, at once, where it is paused, waits or has failed; false where there is nothing to do. */
  resume(): boolean {
    const { state } = this.#condition;
    if (!this.#isPaused && state !== "waiting" && state !== "blocked" && state !== "failed") return false;
    this.#isPaused = false;
    this.#parts.connections.resume(this.#parts.platform.id);
    this.#failures = 0;
    this.#round.abort("resumed");
    return true;
  }

  async #run(): Promise<void> {
    const stopping = this.#stopping.signal;
    let standing: Connection | undefined;
    let leases: readonly Lease[] | undefined;
    while (!stopping.aborted) {
      this.#round = new AbortController();
      const signal = AbortSignal.any([stopping, this.#round.signal]);
      if (this.#isPaused) {
        await this.#retire(standing);
        await this.#release(leases ?? []);
        [standing, leases] = [undefined, undefined];
        this.#enter({ state: "paused" });
        await untilAborted(signal);
        continue;
      }
      try {
        leases ??= await this.#claim(signal);
        if (leases === undefined) continue;
        const fresh = await this.#connect(signal);
        await this.#retire(standing);
        standing = fresh;
        // Asked to end meanwhile: an adapter that begins to listen now would not hear of it.
        if (signal.aborted) continue;
        const held = AbortSignal.any([signal, ...leases.map((lease) => lease.lost)]);
        const ended = await this.#serve(fresh, held);
        if (held.aborted && !signal.aborted) leases = await this.#letGo(leases);
        if (ended.reason === "lost") await this.#waitAfter(toPlatformError(ended.error, this.#parts.platform.id), signal);
        else if (!held.aborted) await this.#waitAfter(unasked(this.#parts.platform.id), signal);
      } catch (error) {
        if (!signal.aborted) await this.#waitAfter(toPlatformError(error, this.#parts.platform.id), signal);
      }
    }
    await this.#retire(standing);
    await this.#release(leases ?? []);
    this.#enter({ state: "stopped" });
  }

  /** The platform's claims, all or none. Waits and answers undefined when somebody else holds one. */
  async #claim(signal: AbortSignal): Promise<readonly Lease[] | undefined> {
    const { platform, locks, holder } = this.#parts;
    const leases: Lease[] = [];
    try {
      for (const claim of platform.claims) {
        const answer = await locks.acquire(`${claim.scope}-${claim.fingerprint}`, holder, signal);
        if ("heldBy" in answer) {
          await this.#release(leases);
          return await this.#waitBlocked(answer.heldBy, signal);
        }
        leases.push(answer);
      }
      return leases;
    } catch (error) {
      // Kept, they would block this very platform when it asks for them again.
      await this.#release(leases);
      throw error;
    }
  }

  async #waitBlocked(heldBy: string, signal: AbortSignal): Promise<undefined> {
    const { platform, clock, logger } = this.#parts;
    logger.error(
      `[${platform.id}] Another gateway uses this bot already: ${heldBy}. Stop it, or give this one credentials of its own.`,
    );
    const retryAtMs = clock.now() + blockedRetryMs;
    this.#enter({ state: "blocked", heldBy, retryAtMs });
    await pauseUntil(retryAtMs, clock, signal);
  }

  async #release(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) {
      try {
        await lease.release();
      } catch (error) {
        const { platform, logger } = this.#parts;
        logger.warn(`[${platform.id}] Releasing a lock failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    const { platform, clock, connectTimeoutMs } = this.#parts;
    this.#enter({ state: "connecting", attempt: this.#failures + 1 });
    const limit = timeLimited(signal, connectTimeoutMs, clock);
    const connecting = platform.connect(this.host, limit.signal);
    try {
      return await Promise.race([connecting, failWhenAborted(limit.signal, platform.id)]);
    } catch (error) {
      // One that comes all the same, after nobody waits for it any more, must not be left open.
      if (limit.signal.aborted) void connecting.then((late) => late.disconnect()).catch(() => undefined);
      throw error;
    } finally {
      limit.release();
    }
  }

  /** Uses a connection until it is lost or the platform is stopped. It stays in use for sending until another takes its place. */
  async #serve(connection: Connection, signal: AbortSignal): Promise<Ended> {
    const { platform, connections, clock, logger } = this.#parts;
    const connectedAtMs = clock.now();
    this.#identity = connection.identity;
    connections.set(platform.id, connection);
    this.#enter({ state: "up", transport: "up" });
    logger.info(`[${platform.id}] Connected as ${connection.identity.name}`);
    const ended = connection.listen === undefined ? await untilAborted(signal) : await connection.listen(signal);
    if (clock.now() - connectedAtMs >= steadyMs) this.#failures = 0;
    return ended;
  }

  /** A claim that was lost may be somebody else's already: nothing is listened to until all are held again. */
  async #letGo(leases: readonly Lease[]): Promise<undefined> {
    this.#parts.logger.warn(`[${this.#parts.platform.id}] The lock on this bot was lost; it is asked for again`);
    await this.#release(leases);
  }

  async #retire(connection: Connection | undefined): Promise<void> {
    if (connection === undefined) return;
    const { platform, connections, logger } = this.#parts;
    connections.remove(platform.id, connection);
    try {
      await connection.disconnect();
    } catch (error) {
      logger.warn(`[${platform.id}] Disconnecting failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #waitAfter(error: PlatformError, signal: AbortSignal): Promise<void> {
    const { clock, logger, platform } = this.#parts;
    this.#failures += 1;
    if (error.failure.kind === "unauthorized" || error.failure.kind === "forbidden") {
      logger.error(`${error.message}. It stays off until the configuration is mended and the gateway restarted.`);
      this.#enter({ state: "failed", reason: error.message });
      await untilAborted(signal);
      return;
    }
    const retryAtMs = clock.now() + this.#delayMs(error);
    logger.warn(`${error.message}. Trying again in ${Math.round((retryAtMs - clock.now()) / 100) / 10} s.`);
    this.#enter({ state: "waiting", reason: error.message, retryAtMs });
    await pauseUntil(retryAtMs, clock, signal);
    if (!signal.aborted) logger.debug(`[${platform.id}] Trying again`);
  }

  #delayMs(error: PlatformError): number {
    const { random } = this.#parts;
    const backOffMs = Math.min(firstRetryMs * 2 ** Math.min(this.#failures - 1, 20), maxRetryMs);
    const jitteredMs = backOffMs * (0.75 + random() / 2);
    switch (error.failure.kind) {
      case "conflict":
        return conflictRetryMs + jitteredMs;
      case "rate-limited":
        return Math.max(error.failure.retryAfterMs ?? 0, jitteredMs);
      default:
        return jitteredMs;
    }
  }

  #hear(transport: "up" | "resuming" | "degraded", detail?: string): void {
    if (this.#condition.state === "up") this.#enter({ state: "up", transport, ...(detail === undefined ? {} : { detail }) });
  }

  #enter(condition: PlatformState): void {
    this.#condition = condition;
    this.#sinceMs = this.#parts.clock.now();
  }
}

function unasked(platform: string): PlatformError {
  const message = "The adapter ended listening without being asked to";
  return new PlatformError({ platform, failure: { kind: "unavailable" }, message });
}

function failWhenAborted(signal: AbortSignal, platform: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void =>
      reject(new PlatformError({ platform, failure: { kind: "unavailable" }, message: "Cannot connect: no answer in time" }));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

async function untilAborted(signal: AbortSignal): Promise<Ended> {
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  return { reason: "requested" };
}
