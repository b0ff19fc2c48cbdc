import { fetchOutside } from "./fetch-outside.ts";
import type { Cursor, Json, Logger, PlatformEvent, PlatformHost } from "@hermes/core";
import type { Clock } from "@hermes/core";
import type { Inbox } from "./inbox.ts";
import type { Store } from "./store.ts";

/** What a platform's host is made of. */
export interface HostParts {
  readonly platform: string;
  readonly logger: Logger;
  readonly store: Store;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly report: PlatformHost["report"];
}

/** What one platform is given: everything in it is bound to that platform. */
export function createHost({ platform, logger, store, inbox, clock, report }: HostParts): PlatformHost {
  return {
    logger: prefixed(logger, platform),
    accept: (events: readonly PlatformEvent[], cursor?: Cursor) => inbox.accept(platform, events, cursor),
    memory: {
      get: (key) => store.readMemory(platform, key, clock.now()),
      set: (key: string, value: Json, options: { readonly ttlMs?: number } = {}) =>
        store.writeMemory({
          platform,
          key,
          value,
          ...(options.ttlMs === undefined ? {} : { expiresAtMs: clock.now() + options.ttlMs }),
        }),
      delete: (key) => store.deleteMemory(platform, key),
    },
    report,
    // Loaded when it is first used: most platforms never fetch what a stranger named.
    fetch: fetchOutside,
  };
}

function prefixed(logger: Logger, platform: string): Logger {
  return {
    debug: (message) => logger.debug(`[${platform}] ${message}`),
    info: (message) => logger.info(`[${platform}] ${message}`),
    warn: (message) => logger.warn(`[${platform}] ${message}`),
    error: (message) => logger.error(`[${platform}] ${message}`),
  };
}
