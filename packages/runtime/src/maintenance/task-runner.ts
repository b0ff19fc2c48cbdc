import type { Clock, Logger } from "@hermes/core";
import { pauseUntil } from "../pause.ts";
import { isStoreError } from "../store-error.ts";
import type { MaintenanceFacts, MaintenanceResult, MaintenanceTask } from "./task.ts";

const betweenSlicesMs = 20;

/** What a runner works with. */
export interface TaskRunnerParts {
  readonly task: MaintenanceTask;
  readonly firstAfterMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Runs one task again and again, one run after the other, and knows how that goes. */
export class TaskRunner {
  readonly #parts: TaskRunnerParts;
  #isRunning = false;
  #runs = 0;
  #failures = 0;
  #startedAtMs: number | undefined;
  #durationMs: number | undefined;
  #result: MaintenanceResult | undefined;
  #nextAtMs: number | undefined;

  constructor(parts: TaskRunnerParts) {
    this.#parts = parts;
  }

  get facts(): MaintenanceFacts {
    const { name, everyMs } = this.#parts.task;
    return {
      name,
      everyMs,
      isRunning: this.#isRunning,
      runs: this.#runs,
      failures: this.#failures,
      ...(this.#startedAtMs === undefined ? {} : { startedAtMs: this.#startedAtMs }),
      ...(this.#durationMs === undefined ? {} : { durationMs: this.#durationMs }),
      ...(this.#result === undefined ? {} : { result: this.#result }),
      ...(this.#nextAtMs === undefined ? {} : { nextAtMs: this.#nextAtMs }),
    };
  }

  /** Ends with `signal`, as soon as a run that goes on comes back. Never rejects. */
  async keepRunning(signal: AbortSignal): Promise<void> {
    const { task, firstAfterMs, clock } = this.#parts;
    await this.#pause(firstAfterMs, signal);
    while (!signal.aborted) {
      this.#isRunning = true;
      const startedAtMs = clock.now();
      this.#startedAtMs = startedAtMs;
      const result = await this.#run(signal);
      this.#isRunning = false;
      this.#runs += 1;
      // A clock that was set back makes nothing take less than no time.
      this.#durationMs = Math.max(0, clock.now() - startedAtMs);
      this.#note(result);
      await this.#pause(task.everyMs, signal);
    }
  }

  async #pause(forMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { clock } = this.#parts;
    const untilMs = clock.now() + forMs;
    this.#nextAtMs = untilMs;
    await pauseUntil(untilMs, clock, signal);
    this.#nextAtMs = undefined;
  }

  async #run(signal: AbortSignal): Promise<MaintenanceResult> {
    const { task, clock, logger } = this.#parts;
    const breathe = (): Promise<void> => pauseUntil(clock.now() + betweenSlicesMs, clock, signal);
    try {
      const summary = await task.run({ signal, breathe });
      if (this.#result?.ok === false) logger.info(`The task ${task.name} works again`);
      return { ok: true, ...(summary === undefined ? {} : { summary }) };
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      // Of the store's refusals its keeper has told already; of a fault that goes on it is enough to be told once.
      const level = isStoreError(error) || this.#result?.ok === false ? "debug" : "warn";
      if (!signal.aborted) logger[level](`The task ${task.name} failed and is tried again later: ${failure}`);
      return { ok: false, failure };
    }
  }

  #note(result: MaintenanceResult): void {
    this.#result = result;
    if (!result.ok) this.#failures += 1;
  }
}
