import type { Chat, Clock, Json, Logger, PlatformEvent } from "@hermes/core";
import type { Announcements } from "../announcements.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Connections } from "../connections.ts";
import { pauseUntil } from "../pause.ts";
import type { Store } from "../store.ts";
import { askedBefore, nameOfEvent, readRestarts, type Restarts } from "./restarts.ts";

/** Where it is remembered: no platform's name. */
const place = "$gateway";
const key = "restarts";
/** The answer to whoever asked gets so long to be shown before the gateway ends. */
const answerMs = 1500;
/** Whoever asked longer ago is not told any more. */
const tellWithinMs = 24 * 60 * 60_000;

/** How a gateway is restarted. */
export interface RestartOptions {
  /**
   * Ends this process so that another one takes its place. Called once, when somebody who may asked for it and their answer is kept.
   * Without it `/restart` says that nobody restarts this gateway.
   */
  readonly perform?: () => void;
  /** Another process takes over for sure. Default: that depends on who started this one, and the answer says so. */
  readonly isCertain?: boolean;
  /** Platforms whose home channel is not told of restarts. */
  readonly quietPlatforms?: readonly string[];
  /** This process is there for a moment beside those that serve: it counts for no restart and no crash, and tells nobody of either. */
  readonly isPassing?: boolean;
}

/**
 * What comes of asking for a restart.
 *
 * - `done`: this process began after it was asked for.
 * - `nobody`: nobody restarts this gateway.
 */
export type RestartOutcome = "restarting" | "under-way" | "done" | "nobody";

/** What restarts are looked after with. */
export interface RestartDeskParts {
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly connections: Connections;
  readonly announcements: Announcements;
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: RestartOptions;
}

/** Takes the wish for a restart, once, and tells whoever had it when it is fulfilled. */
export class RestartDesk {
  readonly #parts: RestartDeskParts;
  #startedAtMs = 0;
  #restarts: Restarts = { handled: [] };
  #isAsked = false;

  constructor(parts: RestartDeskParts) {
    this.#parts = parts;
  }

  /** Whether another process takes over for sure. */
  get isCertain(): boolean {
    return this.#parts.options.isCertain === true;
  }

  /** The chat of whoever asked the process before this one. */
  get askedIn(): Chat | undefined {
    return this.#restarts.asked?.chat;
  }

  /** Reads what an earlier process was asked for. Call it once, first. */
  async open(): Promise<void> {
    const { store, clock } = this.#parts;
    this.#startedAtMs = clock.now();
    this.#restarts = readRestarts(await store.readMemory(place, key, clock.now()));
  }

  /**
   * Asks for a restart; after `restarting` it comes with `perform`. `event`: the message that asks. One that was there before this
   * process restarts nothing: a platform that hands it over again must not restart process after process.
   */
  async ask(event?: PlatformEvent, cameToEarlierProcess = false): Promise<RestartOutcome> {
    const { options, store, clock } = this.#parts;
    if (options.perform === undefined) return "nobody";
    if (event !== undefined && (cameToEarlierProcess || askedBefore(event, this.#restarts, this.#startedAtMs))) return "done";
    if (this.#isAsked) return "under-way";
    this.#isAsked = true;
    try {
      if (event !== undefined) {
        const asked = { chat: event.chat, eventId: event.eventId, atMs: clock.now() };
        await this.#keep({ asked, handled: [...this.#restarts.handled, nameOfEvent(event)].slice(-20) }, store);
      }
    } catch (error) {
      this.#isAsked = false;
      throw error;
    }
    return "restarting";
  }

  /** Restarts, after `shown` or a moment. */
  async perform(shown: Promise<unknown>): Promise<void> {
    const { options, clock } = this.#parts;
    const done = new AbortController();
    void shown.finally(() => done.abort());
    await pauseUntil(clock.now() + answerMs, clock, done.signal);
    options.perform?.();
  }

  /** Tells whoever asked the process before this one that it is back, once, as soon as their platform is. Never rejects. */
  async tellBack(signal: AbortSignal): Promise<void> {
    const { connections, announcements, platforms, catalogue, clock, logger, store } = this.#parts;
    const { asked, handled } = this.#restarts;
    if (asked === undefined) return;
    try {
      const { platform } = asked.chat.ref;
      if (clock.now() - asked.atMs < tellWithinMs) {
        if (!platforms.has(platform)) return;
        if (!(await untilConnected(platform, connections, signal))) return;
        const text = catalogue.restart.back(clock.now() - asked.atMs);
        // A process that ends before the next line has said it under this key.
        await announcements.make({ chat: asked.chat, text, idempotencyKey: `back ${asked.eventId}`, waitMs: 0 });
      }
      await this.#keep({ handled }, store);
    } catch (error) {
      logger.debug(`Whoever asked for the restart could not be told, and is told by the next process: ${String(error)}`);
    }
  }

  async #keep(restarts: Restarts, store: RestartDeskParts["store"]): Promise<void> {
    await store.writeMemory({ platform: place, key, value: restarts as unknown as Json });
    this.#restarts = restarts;
  }
}

/** False where `signal` was aborted first. */
async function untilConnected(platform: string, connections: Connections, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    await connections.whenResumed(platform, signal);
    if ((await connections.wait(platform, signal)) !== undefined) return true;
  }
  return false;
}
