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
    const verdict = await this.#untilStoreAnswers(turn.turnId, () => this.#look(turn.turnId, byPerson), signal);
    if (verdict === "set-aside" || verdict === "held") this.#parts.onLeft(turn, verdict);
    return verdict;
  }

  async #look(turnId: string, byPerson: boolean): Promise<ResumeVerdict> {
    const { store, lives, limits, clock } = this.#parts;
    const life = lives.current;
    const kept = readTurnRuns(await store.readMemory(place, turnId, clock.now()));
    const runs = byPerson ? 0 : crashedRunsOf(turnId, kept, life);
    const verdict = byPerson ? "run" : mayResume(runs, life, limits);
    if (verdict !== "run") return verdict;
    const noted: TurnRuns = { runs: runs + 1, life: life.number };
    const expiresAtMs = clock.now() + keepMs;
    await store.writeMemory({ platform: place, key: turnId, value: noted as unknown as Json, expiresAtMs });
    return "run";
  }

  /** A run that was not noted must not begin: a store that takes nothing for a while is waited for. */
  async #untilStoreAnswers<T>(turnId: string, ask: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    const { clock, logger } = this.#parts;
    while (!signal.aborted) {
      try {
        return await ask();
      } catch (error) {
        if (!isStoreError(error) || error.code === "fenced" || error.code === "closed") throw error;
        logger.debug(`The turn ${turnId} waits for the store before it is taken up: ${error.message}`);
        await pauseUntil(clock.now() + retryMs, clock, signal);
      }
    }
    return undefined;
  }
}
