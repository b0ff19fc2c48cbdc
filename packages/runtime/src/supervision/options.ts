import { defaultBreakerRules, type BreakerRules } from "./breaker.ts";

/** How platforms that fail are treated. */
export interface SupervisionOptions {
  /** Failures in a row after which a platform is left alone for a while. Default 10. */
  readonly failures?: number;
  /**
   * `automatic`: it is tried again by itself, after five minutes at first, and after ever longer up to an hour; `manual`: only once
   * somebody resumes it. Default `automatic`.
   */
  readonly resume?: "automatic" | "manual";
  /** How long one attempt to connect may take, for platforms that need another time than `limits.connectTimeoutMs`; by instance id. */
  readonly connectTimeoutMs?: Readonly<Record<string, number>>;
}

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
