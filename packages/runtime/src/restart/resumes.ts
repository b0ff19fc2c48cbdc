import type { Clock, Json, Logger } from "@hermes/core";
import { pauseUntil } from "../pause.ts";
import { isStoreError } from "../store-error.ts";
import type { InterruptedTurn, Store } from "../store.ts";
import type { Resumption } from "../turn/resumption.ts";
import type { Lives } from "./lives.ts";
import { crashedRunsOf, mayResume, readTurnRuns, type ResumeLimits, type ResumeVerdict, type TurnRuns } from "./may-resume.ts";

/** Where runs are remembered: no platform's name. */
const place = "$turn-runs";
const keepMs = 30 * 24 * 60 * 60_000;
const retryMs = 1000;

/** What resuming is decided with. */
export interface ResumesParts {
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly lives: Lives;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: ResumeLimits;
  /** A turn is left to a person. */
  readonly onLeft: (turn: InterruptedTurn, verdict: Exclude<ResumeVerdict, "run">) => void;
}

/** Decides which interrupted turns run again, and counts how often they did, so that none ends process after process. */
export class Resumes {
  readonly #parts: ResumesParts;

  constructor(parts: ResumesParts) {
    this.#parts = parts;
  }

  /** How a turn goes on that is meant to go on so; undefined where `signal` was aborted before it was kept that it runs. */
  async permitted(
    turn: InterruptedTurn,
    resumption: Resumption,
    byPerson: boolean,
    signal: AbortSignal,
  ): Promise<Resumption | undefined> {
    if (resumption.how === "wait" || resumption.how === "cut-off") return resumption;
    const verdict = await this.#decide(turn, byPerson, signal);
    switch (verdict) {
      case undefined:
        return undefined;
      case "run":
        return resumption;
      case "held":
      case "set-aside":
        return { how: "cut-off", why: verdict };
    }
  }

  /**
   * Whether the turn may run again now; `run` only once it is kept that it does. `byPerson`: somebody just said how to go on. Undefined
   * where `signal` was aborted before that was kept.
   */
  async #decide(turn: InterruptedTurn, byPerson: boolean, signal: AbortSignal): Promise<ResumeVerdict | undefined> {
    const { lives, limits, onLeft } = this.#parts;
    const runs = byPerson ? 0 : crashedRunsOf(turn.turnId, await this.#kept(turn.turnId), lives.current);
    const verdict = byPerson ? "run" : mayResume(runs, lives.current, limits);
    if (verdict === "run")
      return (await this.#keep(turn.turnId, { runs: runs + 1, life: lives.current.number }, signal)) ? "run" : undefined;
    onLeft(turn, verdict);
    return verdict;
  }

  async #kept(turnId: string): Promise<TurnRuns | undefined> {
    const { store, clock } = this.#parts;
    return readTurnRuns(await store.readMemory(place, turnId, clock.now()));
  }

  /** A run that was not noted must not begin: a store that takes no writes for a while is waited for. */
  async #keep(turnId: string, runs: TurnRuns, signal: AbortSignal): Promise<boolean> {
    const { store, clock, logger } = this.#parts;
    while (!signal.aborted) {
      try {
        const value = runs as unknown as Json;
        await store.writeMemory({ platform: place, key: turnId, value, expiresAtMs: clock.now() + keepMs });
        return true;
      } catch (error) {
        if (!isStoreError(error) || error.code === "fenced" || error.code === "closed") throw error;
        logger.debug(`The turn ${turnId} waits for the store before it is taken up: ${error.message}`);
        await pauseUntil(clock.now() + retryMs, clock, signal);
      }
    }
    return false;
  }
}
