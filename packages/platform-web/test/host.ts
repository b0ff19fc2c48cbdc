import type { Acceptance, PlatformEvent, PlatformHost } from "@hermes/core";

/** A host that takes everything at once, for what only a race or a crash would bring about in a gateway. */
export function createHost(
  accept: (events: readonly PlatformEvent[]) => Promise<readonly Acceptance[]> = async (events) => events.map(() => "stored"),
): PlatformHost {
  return {
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    accept,
    memory: { get: async () => undefined, set: async () => undefined, delete: async () => undefined },
    report: () => undefined,
    fetch: () => Promise.reject(new Error("Nothing is fetched")),
  };
}
