import type { SupervisionOptions } from "../options.ts";
import { defaultBreakerRules, type BreakerRules } from "./breaker.ts";

/** Supervision with a value for everything. */
export interface CompleteSupervision {
  readonly breaker: BreakerRules;
  /** Platforms that need another time to connect than the others, in milliseconds. */
  readonly connectTimeouts: ReadonlyMap<string, number>;
}

/**
 * Every option, with its default where none is given.
 *
 * @throws TypeError for a number that cannot be meant.
 */
export function completeSupervision(options: SupervisionOptions): CompleteSupervision {
  const { failures = defaultBreakerRules.failures, resume = defaultBreakerRules.resume, connectTimeoutMs = {} } = options;
  check("failures", failures);
  for (const [platform, timeoutMs] of Object.entries(connectTimeoutMs)) check(`connectTimeoutMs.${platform}`, timeoutMs);
  return {
    breaker: { ...defaultBreakerRules, failures, resume },
    connectTimeouts: new Map(Object.entries(connectTimeoutMs)),
  };
}

function check(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new TypeError(`supervision.${name}: expected a whole number of at least 1, got ${value}`);
}
