import type { Clock } from "@hermes/core";
import type { Gateway, PlatformStatus } from "@hermes/runtime";

/** A platform may be on its way for this long before the gateway counts as not ready. */
const patienceMs = 60_000;
const lookEveryMs = 5000;

/** Why the gateway does not do what it is configured for; empty when it does. */
export interface Readiness {
  readonly reasons: readonly string[];
}

/** Answers whether a gateway does what it is configured for. */
export interface ReadinessWatch {
  now(): Readiness;
  stop(): void;
}

/**
 * Watches a gateway. A platform's own state says only how long it has been in that state, and one that cannot connect goes to and fro
 * between two of them: here it is remembered since when it has not been up. `broken` are platforms whose configuration is wrong.
 */
export function watchReadiness(gateway: Pick<Gateway, "status">, broken: readonly string[], clock: Clock): ReadinessWatch {
  const downSinceMs = new Map<string, number>();
  const startedAtMs = clock.now();
  const look = (): void => {
    for (const { id, condition, sinceMs, identity } of gateway.status().platforms) {
      if (condition.state === "up") downSinceMs.delete(id);
      else if (!downSinceMs.has(id)) downSinceMs.set(id, identity === undefined ? startedAtMs : sinceMs);
    }
  };
  let cancel = clock.wakeAt(clock.now() + lookEveryMs, repeat);
  function repeat(): void {
    look();
    cancel = clock.wakeAt(clock.now() + lookEveryMs, repeat);
  }
  return {
    now() {
      look();
      const { phase, storeWritable, storeRefusal, pressure, platforms } = gateway.status();
      const isLate = (id: string): boolean => clock.now() - (downSinceMs.get(id) ?? clock.now()) > patienceMs;
      const reasons = [
        ...(phase === "running" ? [] : [`the gateway is ${phase}`]),
        ...(storeWritable
          ? []
          : [["the store does not take writes", storeRefusal].filter((text) => text !== undefined).join(": ")]),
        ...(pressure === undefined ? [] : [pressure]),
        ...broken.map((id) => `${id} is not configured rightly`),
        ...platforms.map((platform) => reasonOf(platform, isLate(platform.id))).filter((reason) => reason !== undefined),
      ];
      return { reasons };
    },
    stop: () => cancel(),
  };
}

function reasonOf({ id, condition }: PlatformStatus, isLate: boolean): string | undefined {
  switch (condition.state) {
    case "up":
      return undefined;
    // Somebody wants it so.
    case "paused":
      return undefined;
    case "failed":
      return `${id} has failed`;
    case "tripped":
      return `${id} is left alone after ${condition.failures} failures in a row`;
    case "blocked":
      return `${id} is used by another gateway`;
    case "waiting":
    case "connecting":
    case "stopped":
      return isLate ? `${id} is not connected` : undefined;
  }
}
