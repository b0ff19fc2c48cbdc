import type { Clock, Logger } from "@hermes/core";
import type { MaintenanceFacts, MaintenanceTask } from "./task.ts";
import { TaskRunner } from "./task-runner.ts";

const namePattern = /^[a-z][a-z0-9-]{0,63}$/u;
/** Over this time the first runs of tasks are spread that do not say when theirs is. */
const spreadMs = 60_000;

/** What maintenance is made of. */
export interface MaintenanceParts {
  readonly tasks: readonly MaintenanceTask[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Does what is to be done again and again: each task by itself, so that none waits for another. */
export class Maintenance {
  readonly #runners: readonly TaskRunner[];

  /** @throws TypeError for a name that is taken or malformed, and for a task without an interval. */
  constructor({ tasks, clock, logger }: MaintenanceParts) {
    checkTasks(tasks);
    this.#runners = tasks.map((task, index) => {
      const share = (spreadMs * (index + 1)) / (tasks.length + 1);
      const { firstAfterMs = Math.min(task.everyMs, Math.round(share)) } = task;
      return new TaskRunner({ task, firstAfterMs, clock, logger });
    });
  }

  get facts(): readonly MaintenanceFacts[] {
    return this.#runners.map((runner) => runner.facts);
  }

  /** Runs every task until `signal` is aborted. Never rejects. */
  async keepRunning(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.keepRunning(signal)));
  }
}

function checkTasks(tasks: readonly MaintenanceTask[]): void {
  const names = new Set<string>();
  for (const { name, everyMs } of tasks) {
    if (!namePattern.test(name))
      throw new TypeError(`Expected a task's name to be small letters, digits and \`-\`, got \`${name}\``);
    if (names.has(name)) throw new TypeError(`Two tasks are called \`${name}\`. Give one of them another name.`);
    if (!Number.isFinite(everyMs) || everyMs <= 0)
      throw new TypeError(`Expected \`everyMs\` of the task \`${name}\` to be more than 0, got ${everyMs}`);
    names.add(name);
  }
}
