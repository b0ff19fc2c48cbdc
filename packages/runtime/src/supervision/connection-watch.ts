import type { Clock, Connection } from "@hermes/core";
import type { PlatformFacts } from "../platform-facts.ts";
import { judge, type Health, type Transport } from "./judge.ts";

/** A connection that lasted this long was a good one. */
export const steadyMs = 60_000;
const lookEveryMs = 30_000;
/** A look that comes so much later means that the machine slept or stood still: nobody could be heard meanwhile. */
const sleptMs = 2 * lookEveryMs;

/** What a watch works with. */
export interface ConnectionWatchParts {
  readonly platform: string;
  readonly connection: Pick<Connection, "reportsEveryMs">;
  readonly facts: PlatformFacts;
  readonly clock: Clock;
  /** false: a door of the gateway itself, which cannot be dead while the gateway lives. */
  readonly isJudged: boolean;
  /** The one before it was dead: that it lasts is believed only once something came by it. */
  readonly needsProof: boolean;
  /** The connection has lasted; told once. */
  readonly onSteady: () => void;
  /** Nothing of the connection is true any more; told once, and then nothing more is looked at. */
  readonly onDead: (why: string) => void;
  /** Told now and then, while the connection is there. */
  readonly onLook: () => void;
}

/** What a connection says of itself, with its age. */
export interface TransportFacts {
  readonly state: Transport;
  readonly detail?: string;
  readonly sinceMs: number;
  /** When it last said so. */
  readonly heardAtMs: number;
}

/** Looks after one connection from when it is made to when it ends: whether it lasts, and whether it is alive. */
export class ConnectionWatch {
  readonly #parts: ConnectionWatchParts;
  readonly #connectedAtMs: number;
  /** Nothing is older than this: nobody was there to hear it. */
  #watchedSinceMs: number;
  #transport: TransportFacts;
  #wasHeard = false;
  #isSteady = false;
  #lookedAtMs: number;
  #cancelSteady: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;

  constructor(parts: ConnectionWatchParts) {
    this.#parts = parts;
    const nowMs = parts.clock.now();
    this.#connectedAtMs = nowMs;
    this.#watchedSinceMs = nowMs;
    this.#lookedAtMs = nowMs;
    this.#transport = { state: "up", sinceMs: nowMs, heardAtMs: nowMs };
    parts.facts.connected(parts.platform);
    // One that promises to report has not shown that it works before it has.
    if (parts.connection.reportsEveryMs === undefined) this.#awaitSteady();
    this.#lookLater();
  }

  get transport(): TransportFacts {
    return this.#transport;
  }

  get isSteady(): boolean {
    return this.#isSteady;
  }

  /** When anything last proved that the platform was reached; undefined while nothing has. */
  get provenAtMs(): number | undefined {
    const { facts, platform, clock } = this.#parts;
    if (this.#isSteady && this.#transport.state === "up" && this.health.verdict === "healthy") return clock.now();
    const cameInAtMs = facts.cameInAtMs(platform);
    const known = [
      ...(this.#wasHeard && this.#transport.state === "up" ? [this.#transport.heardAtMs] : []),
      ...(this.#isSteady ? [this.#transport.sinceMs] : []),
      ...(cameInAtMs !== undefined && cameInAtMs >= this.#connectedAtMs ? [cameInAtMs] : []),
    ];
    return known.length === 0 ? undefined : Math.max(...known);
  }

  get health(): Health {
    const { facts, platform, connection, clock, isJudged } = this.#parts;
    if (!isJudged) return { verdict: "healthy" };
    const { state, sinceMs, heardAtMs } = this.#transport;
    return judge(
      {
        transport: state,
        transportSinceMs: Math.max(sinceMs, this.#watchedSinceMs),
        heardAtMs: Math.max(heardAtMs, this.#watchedSinceMs),
        reportsEveryMs: connection.reportsEveryMs,
        cameInAtMs: facts.cameInAtMs(platform),
        unanswered: facts.unanswered(platform),
      },
      clock.now(),
    );
  }

  /** The adapter says how its transport is. */
  hear(state: Transport, detail?: string): void {
    const nowMs = this.#parts.clock.now();
    const sinceMs = state === this.#transport.state ? this.#transport.sinceMs : nowMs;
    const wasUp = this.#transport.state === "up" && (this.#wasHeard || this.#parts.connection.reportsEveryMs === undefined);
    this.#transport = { state, sinceMs, heardAtMs: nowMs, ...(detail === undefined ? {} : { detail }) };
    if (state !== "up") this.#cancelSteady();
    else {
      this.#wasHeard = true;
      if (!wasUp) this.#awaitSteady();
    }
  }

  stop(): void {
    this.#cancelSteady();
    this.#cancelLook();
  }

  #awaitSteady(): void {
    if (this.#isSteady) return;
    const { clock, onSteady } = this.#parts;
    this.#cancelSteady();
    const lookAgain = (afterMs: number): void => {
      this.#cancelSteady = clock.wakeAt(clock.now() + afterMs, () => {
        if (!this.#isProven()) return lookAgain(lookEveryMs);
        this.#isSteady = true;
        onSteady();
      });
    };
    lookAgain(steadyMs);
  }

  #isProven(): boolean {
    const { facts, platform, needsProof } = this.#parts;
    const answeredAtMs = facts.delivery(platform).sentAtMs ?? 0;
    const cameInAtMs = facts.cameInAtMs(platform) ?? 0;
    return !needsProof || this.#wasHeard || Math.max(answeredAtMs, cameInAtMs) >= this.#connectedAtMs;
  }

  #lookLater(): void {
    const { clock } = this.#parts;
    this.#cancelLook = clock.wakeAt(clock.now() + lookEveryMs, () => this.#look());
  }

  #look(): void {
    const { clock, onDead, onLook } = this.#parts;
    const nowMs = clock.now();
    const slept = nowMs - this.#lookedAtMs > sleptMs;
    if (slept) this.#watchedSinceMs = nowMs;
    this.#lookedAtMs = nowMs;
    const { health } = this;
    if (health.verdict === "zombie") {
      this.stop();
      onDead(health.why);
      return;
    }
    this.#lookLater();
    if (!slept) onLook();
  }
}
