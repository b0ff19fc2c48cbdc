import { isStoreError, type Gateway } from "@hermes/runtime";

/** Why the gateway ends. */
export type Ending =
  | { readonly why: "signal"; readonly signal: string }
  /** Somebody who may asked for it, or `SIGUSR1` did. */
  | { readonly why: "restart"; readonly by: "request" | "signal" }
  | { readonly why: "lost"; readonly message: string; readonly exitCode: 75 | 78 };

/** What ends a gateway, whichever comes first. */
export interface Endings {
  readonly first: Promise<Ending>;
  /** Somebody asks for a restart. */
  restart(): void;
  /** Nothing can be stored any more. */
  watch(gateway: Pick<Gateway, "storeLost">): void;
  /** The code the process ends with. */
  exitCodeOf(ending: Ending): 0 | 75 | 78;
}

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Listens for what ends the gateway. `SIGINT`, `SIGTERM` and `SIGHUP` stop it; a second one ends the process at once: what is unfinished
 * is in the store, and the next start goes on. `SIGUSR1` restarts it. Waiting does not keep the process alive.
 */
export function listenForEndings(): Endings {
  const { promise: first, resolve } = Promise.withResolvers<Ending>();
  let stops = 0;
  for (const signal of stopSignals) {
    process.on(signal, () => {
      stops += 1;
      if (stops > 1) process.exit(0);
      resolve({ why: "signal", signal });
    });
  }
  // Heard from the start: else Node would open its debugger.
  process.on("SIGUSR1", () => resolve({ why: "restart", by: "signal" }));
  return {
    first,
    restart: () => resolve({ why: "restart", by: "request" }),
    watch({ storeLost }) {
      const lose = (): void => resolve(lostBy(storeLost.reason));
      if (storeLost.aborted) lose();
      else storeLost.addEventListener("abort", lose, { once: true });
    },
    exitCodeOf(ending) {
      switch (ending.why) {
        case "signal":
          return 0;
        case "restart":
          // Whoever stops it while it restarts wants it stopped.
          return stops > 0 ? 0 : 75;
        case "lost":
          return ending.exitCode;
      }
    },
  };
}

/** Somebody else has the store: starting again would only take it back. A disk that failed may be well again after a restart. */
function lostBy(error: unknown): Ending {
  const isTaken = isStoreError(error) && error.code === "fenced";
  return { why: "lost", message: error instanceof Error ? error.message : String(error), exitCode: isTaken ? 78 : 75 };
}
