import type { GatewayLimits } from "./options.ts";

const defaults: Required<GatewayLimits> = {
  maxTurns: 32,
  maxQueuedPerSession: 32,
  maxBusySessions: 10_000,
  firstShowMs: 400,
  deliveryMaxMs: 24 * 60 * 60_000,
  callTimeoutMs: 60_000,
  connectTimeoutMs: 30_000,
  inactivityMs: 30 * 60_000,
  maxCrashedRuns: 2,
  maxQuickCrashes: 3,
};

/**
 * Every limit, with its default where none is given.
 *
 * @throws TypeError for a number that would stop the gateway from working.
 */
export function completeLimits(limits: GatewayLimits): Required<GatewayLimits> {
  const complete = { ...defaults, ...limits };
  for (const name of Object.keys(defaults) as (keyof GatewayLimits)[]) {
    const value = complete[name];
    const least = name === "firstShowMs" || name === "inactivityMs" ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least) {
      throw new TypeError(`limits.${name}: expected a whole number of at least ${least}, got ${value}`);
    }
  }
  return complete;
}
