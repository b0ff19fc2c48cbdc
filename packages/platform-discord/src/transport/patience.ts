import { isPlatformError, pause, type Clock, type PlatformHost } from "@hermes/core";

export interface PatienceParts {
  readonly clock: Clock;
  readonly logger: PlatformHost["logger"];
  /** Ends the waiting: then what a call failed with is thrown. */
  readonly signal: AbortSignal;
}

/** Calls that are repeated until they went through, with growing pauses. */
export interface Patience {
  /** For as long as what fails passes by itself. */
  patiently<Result>(this: void, call: () => Promise<Result>): Promise<Result>;
  /** The same; undefined for what is refused, which holds up nothing else. */
  reached<Result>(this: void, call: () => Promise<Result>): Promise<Result | undefined>;
}

/** Pauses in milliseconds: each is twice as long as the one before. */
export const firstPauseMs = 250;
export const maxPauseMs = 30_000;
/** What asking for one channel or person may be refused with. */
const refusals: ReadonlySet<string> = new Set(["forbidden", "not-found", "invalid"]);

/** Waits by this clock until `signal` is aborted. */
export function patienceWith({ clock, logger, signal }: PatienceParts): Patience {
  const patiently = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      try {
        return await call();
      } catch (error) {
        const failure = isPlatformError(error) ? error.failure : undefined;
        const passes = failure === undefined || failure.kind === "unavailable" || failure.kind === "rate-limited";
        if (!passes || signal.aborted) throw error;
        const wantedMs = failure?.kind === "rate-limited" ? (failure.retryAfterMs ?? 0) : 0;
        await pause(Math.max(pauseMs, wantedMs), clock, signal);
        if (signal.aborted) throw error;
      }
    }
  };
  return {
    patiently,
    async reached(call) {
      try {
        return await patiently(call);
      } catch (error) {
        if (!isPlatformError(error) || !refusals.has(error.failure.kind)) throw error;
        logger.warn(`Left out: ${error.message}`);
        return undefined;
      }
    },
  };
}
