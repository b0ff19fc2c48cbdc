import { PlatformError, toPlatformError, type Connection, type PlatformHost } from "@hermes/core";
import type { PlatformState, PlatformStatus } from "../gateway-status.ts";
import { pauseUntil } from "../pause.ts";
import type { BreakerState } from "./breaker.ts";
import { Claims } from "./claims.ts";
import { connectInTime } from "./connect-in-time.ts";
import { ConnectionLife, untilAborted, type LifeEnd } from "./connection-life.ts";
import type { ConnectionWatch } from "./connection-watch.ts";
import type { Grace } from "./ends-in-time.ts";
import { Perseverance } from "./perseverance.ts";
import { breakerFacts, isDoor } from "./platform-state.ts";
import { Standing } from "./standing.ts";
import type { SupervisorParts } from "./supervisor-parts.ts";

const blockedRetryMs = 30_000;
/** How long an adapter may take to end what it was asked to end, before it is left to itself. */
const graceMs = 10_000;

/** How one attempt to be connected ended. */
type Outcome = Exclude<LifeEnd, { kind: "dead" }> | { readonly kind: "blocked"; readonly heldBy: string };

/**
 * Keeps one platform connected: claims, connects, listens, and tries again with back-off until it is stopped. What fails too often in a
 * row is left alone for a while, and a connection of which nothing is true any more is replaced.
 */
export class Supervisor {
  readonly host: PlatformHost;
  readonly #parts: SupervisorParts;
  readonly #claims: Claims;
  readonly #perseverance: Perseverance;
  readonly #stopping = new AbortController();
  readonly #grace: Grace;
  #condition: PlatformState = { state: "stopped" };
  #sinceMs: number;
  #identity: PlatformStatus["identity"];
  /** Aborted to look anew at what is to be done. */
  #round = new AbortController();
  #isPaused = false;
  #turnedAway: PlatformStatus["turnedAway"];
  #replaced: PlatformStatus["replaced"];
  /** The last connection was dead while it said it was up. */
  #wasDead = false;
  readonly #standing: Standing;
  #watch: ConnectionWatch | undefined;
  #running: Promise<void> | undefined;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#claims = new Claims(parts);
    this.#perseverance = new Perseverance(parts);
    this.#grace = { graceMs, clock: parts.clock, stopping: this.#stopping.signal };
    this.#standing = new Standing(parts, this.#grace);
    this.#sinceMs = parts.clock.now();
    this.host = parts.createHost((state, detail) => this.#hear(state, detail));
  }

  get status(): PlatformStatus {
    const { platform, facts } = this.#parts;
    const health = this.#watch?.health;
    const breaker = breakerFacts(this.#perseverance.breaker);
    return {
      id: platform.id,
      kind: platform.kind,
      sinceMs: this.#sinceMs,
      condition: this.#condition,
      ...(this.#identity === undefined ? {} : { identity: this.#identity }),
      ...(isDoor(platform) ? { isDoor: true } : {}),
      ...(this.#watch === undefined ? {} : { transport: this.#watch.transport }),
      ...(health === undefined || health.verdict === "healthy" ? {} : { doubt: health.why }),
      ...(breaker === undefined ? {} : { breaker }),
      ...(this.#replaced === undefined ? {} : { replaced: this.#replaced }),
      ...(this.#turnedAway === undefined ? {} : { turnedAway: this.#turnedAway }),
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
    this.#turnedAway = undefined;
    this.#parts.connections.pause(this.#parts.platform.id);
    this.#round.abort("paused");
    return true;
  }

  /** Connects again, at once, where it is paused, waits, has failed or is left alone; false where there is nothing to do. */
  resume(): boolean {
    if (!this.#isPaused && !isIdle(this.#condition)) return false;
    this.#isPaused = false;
    this.#parts.connections.resume(this.#parts.platform.id);
    this.#perseverance.resumed();
    this.#round.abort("resumed");
    return true;
  }

  /** Something was offered while the platform is paused, and was not taken. */
  turnAway(): void {
    this.#turnedAway = { count: (this.#turnedAway?.count ?? 0) + 1, lastAtMs: this.#parts.clock.now() };
  }

  async #run(): Promise<void> {
    const stopping = this.#stopping.signal;
    while (!stopping.aborted) {
      this.#round = new AbortController();
      const signal = AbortSignal.any([stopping, this.#round.signal]);
      const { breaker } = this.#perseverance;
      if (this.#isPaused) await this.#rest(signal);
      else if (breaker.phase === "open") await this.#stayOff(breaker, signal);
      else await this.#settle(await this.#attempt(signal), signal);
    }
    await this.#standing.retire();
    await this.#claims.end();
    this.#enter({ state: "stopped" });
  }

  /** Somebody paused it. */
  async #rest(signal: AbortSignal): Promise<void> {
    await this.#standing.retire();
    await this.#claims.release();
    this.#enter({ state: "paused" });
    await untilAborted(signal);
  }

  /** It failed too often: nothing of it is used until the next probe. */
  async #stayOff({ failures, probeAtMs }: Extract<BreakerState, { phase: "open" }>, signal: AbortSignal): Promise<void> {
    const { reason } = this.#perseverance;
    this.#enter({ state: "tripped", reason, failures, ...(probeAtMs === undefined ? {} : { probeAtMs }) });
    await this.#standing.retire();
    if (probeAtMs === undefined) await untilAborted(signal);
    else await pauseUntil(probeAtMs, this.#parts.clock, signal);
    this.#perseverance.due();
  }

  /** One attempt, from the claim to the end of the connection. */
  async #attempt(signal: AbortSignal): Promise<Outcome> {
    const { platform, clock, connectTimeoutMs } = this.#parts;
    try {
      const other = await this.#claims.hold(signal);
      if (other !== undefined) return { kind: "blocked", ...other };
      if (signal.aborted) return { kind: "asked" };
      this.#enter({ state: "connecting", attempt: this.#perseverance.tries + 1 });
      const fresh = await connectInTime({ platform, host: this.host, clock, timeoutMs: connectTimeoutMs }, signal);
      await this.#standing.replace(fresh);
      // Asked to end meanwhile: an adapter that begins to listen now would not hear of it.
      return signal.aborted ? { kind: "asked" } : await this.#serve(fresh, signal);
    } catch (error) {
      return signal.aborted ? { kind: "asked" } : { kind: "lost", error: toPlatformError(error, platform.id), counts: true };
    }
  }

  /** Uses a connection until it is lost, dead, or the platform is to do something else. */
  async #serve(connection: Connection, signal: AbortSignal): Promise<Outcome> {
    const { platform, presence, troubles, logger } = this.#parts;
    const life = this.#begin(connection, signal);
    this.#watch = life.watch;
    this.#identity = connection.identity;
    this.#standing.use(connection);
    presence.connected(platform.id);
    this.#enter({ state: "up", transport: "up" });
    logger.info(`[${platform.id}] Connected as ${connection.identity.name}`);
    // What nobody could be told may be told here.
    troubles.look();
    const end = await life.run();
    this.#note(life.watch);
    presence.ended(platform.id);
    this.#watch = undefined;
    if (life.lingering !== undefined) {
      logger.warn(`[${platform.id}] The adapter did not end listening within ${graceMs / 1000} s; it is left to itself`);
      this.#claims.linger(life.lingering);
    }
    if (end.kind === "dead") return await this.#bury(end.why);
    // What was lost may be somebody else's already: nothing is listened to until all are held again.
    if (end.kind !== "asked" && (await this.#claims.dropLost()))
      logger.warn(`[${platform.id}] The lock on this bot was lost; it is asked for again`);
    return end;
  }

  #begin(connection: Connection, asked: AbortSignal): ConnectionLife {
    const { platform, facts, clock, troubles } = this.#parts;
    const life: ConnectionLife = new ConnectionLife({
      platform: platform.id,
      connection,
      facts,
      clock,
      asked,
      grace: this.#grace,
      claimsLost: this.#claims.lost,
      isJudged: !isDoor(platform),
      needsProof: this.#wasDead,
      onSteady: () => {
        this.#wasDead = false;
        this.#perseverance.steady();
        this.#note(life.watch);
      },
      onLook: () => {
        this.#note(life.watch);
        troubles.look();
      },
    });
    return life;
  }

  /** Nothing of the connection was true any more. */
  async #bury(why: string): Promise<Outcome> {
    const { platform, clock } = this.#parts;
    this.#replaced = { count: (this.#replaced?.count ?? 0) + 1, lastAtMs: clock.now(), why };
    this.#wasDead = true;
    await this.#standing.retire();
    const message = `The connection was no longer alive: ${why}`;
    const error = new PlatformError({ platform: platform.id, failure: { kind: "unavailable" }, message });
    return { kind: "lost", error, counts: true };
  }

  /** Waits as long as what came of an attempt asks for. */
  async #settle(outcome: Outcome, signal: AbortSignal): Promise<void> {
    switch (outcome.kind) {
      case "asked":
      case "unclaimed":
        return;
      case "blocked":
        return await this.#waitBlocked(outcome.heldBy, signal);
      case "lost":
        return await this.#waitAfter(outcome.error, outcome.counts, signal);
    }
  }

  async #waitBlocked(heldBy: string, signal: AbortSignal): Promise<void> {
    const { platform, clock, logger } = this.#parts;
    logger.error(
      `[${platform.id}] Another gateway uses this bot already: ${heldBy}. Stop it, or give this one credentials of its own.`,
    );
    const retryAtMs = clock.now() + blockedRetryMs;
    this.#enter({ state: "blocked", heldBy, retryAtMs });
    await pauseUntil(retryAtMs, clock, signal);
  }

  async #waitAfter(error: PlatformError, counts: boolean, signal: AbortSignal): Promise<void> {
    const { kind } = error.failure;
    if (kind === "unauthorized" || kind === "forbidden") {
      this.#perseverance.stopped(error);
      this.#enter({ state: "failed", reason: this.#perseverance.reason });
      // What is to be said there waits, instead of being refused.
      await this.#standing.retire();
      return void (await untilAborted(signal));
    }
    const retryAtMs = this.#perseverance.failed(error, counts);
    if (retryAtMs === undefined) return;
    this.#enter({ state: "waiting", reason: this.#perseverance.reason, retryAtMs });
    await pauseUntil(retryAtMs, this.#parts.clock, signal);
  }

  #note(watch: ConnectionWatch): void {
    const { provenAtMs } = watch;
    if (provenAtMs !== undefined) this.#parts.presence.proven(this.#parts.platform.id, provenAtMs);
  }

  #hear(transport: "up" | "resuming" | "degraded", detail?: string): void {
    this.#watch?.hear(transport, detail);
    const now = this.#condition;
    if (now.state !== "up" || (now.transport === transport && now.detail === detail)) return;
    this.#enter({ state: "up", transport, ...(detail === undefined ? {} : { detail }) });
  }

  #enter(condition: PlatformState): void {
    this.#condition = condition;
    this.#sinceMs = this.#parts.clock.now();
  }
}

/** Whether nothing is done right now that could be done sooner. */
function isIdle({ state }: PlatformState): boolean {
  return state === "waiting" || state === "blocked" || state === "failed" || state === "tripped";
}
