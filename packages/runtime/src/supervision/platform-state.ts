import type { Platform, PlatformError } from "@hermes/core";
import type { BreakerState } from "./breaker.ts";
import type { BreakerFacts } from "./facts.ts";

/** Whether a platform is a door of the gateway itself: it cannot be dead while the gateway lives, and nobody could resume it. */
export function isDoor({ capabilities }: Platform): boolean {
  return capabilities.live === "own";
}

/** Why something failed, for a place where the platform is named already. */
export function reasonOf({ message, platform, failure }: PlatformError): string {
  const prefix = `[${platform}] `;
  const reason = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return failure.kind === "conflict" ? `Another program listens with the same credentials, and has to end (${reason})` : reason;
}

/** What is told of a breaker; undefined where there is nothing to tell. */
export function breakerFacts(state: BreakerState): BreakerFacts | undefined {
  switch (state.phase) {
    case "closed":
      return state.failures === 0 ? undefined : state;
    case "open": {
      const { phase, failures, openedAtMs, probeAtMs } = state;
      return { phase, failures, openedAtMs, ...(probeAtMs === undefined ? {} : { probeAtMs }) };
    }
    case "probing": {
      const { phase, failures, openedAtMs } = state;
      return { phase, failures, openedAtMs };
    }
  }
}
