import { isDeepStrictEqual } from "node:util";
import type { Acceptance, Cursor, Json, Logger, PlatformEvent, PlatformHost } from "@hermes/core";
import type { Storage } from "./storage.ts";

/** What stands between a batch and the store: it may wait, refuse by throwing, or answer instead of the store. */
export type Gate = (events: readonly PlatformEvent[]) => Promise<readonly Acceptance[] | undefined>;

/** A gateway that remembers everything it was given, in one life of its process. */
export interface SuiteHost extends PlatformHost {
  /** Every batch, whatever became of it. */
  readonly offers: readonly { readonly events: readonly PlatformEvent[]; readonly cursor?: Cursor }[];
  readonly reports: readonly string[];
  /** Logs, reports, events and addresses, as text: where secrets would show. */
  readonly said: readonly string[];
  /** Events that JSON changes. */
  readonly lossy: readonly PlatformEvent[];
  gate: Gate;
}

export function createSuiteHost(storage: Storage): SuiteHost {
  const offers: { events: readonly PlatformEvent[]; cursor?: Cursor }[] = [];
  const reports: string[] = [];
  const said: string[] = [];
  const lossy: PlatformEvent[] = [];
  const note = (message: string): void => void said.push(message);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const store = (event: PlatformEvent): Acceptance => {
    if (storage.seen.has(event.eventId)) return "duplicate";
    storage.seen.add(event.eventId);
    storage.events.push(event);
    return "stored";
  };
  const host: SuiteHost = {
    offers,
    reports,
    said,
    lossy,
    logger,
    gate: async () => undefined,
    async accept(given, cursor) {
      const events = given.map((event) => {
        const copy = JSON.parse(JSON.stringify(event)) as PlatformEvent;
        if (!isDeepStrictEqual(copy, event)) lossy.push(event);
        said.push(JSON.stringify(event));
        return copy;
      });
      offers.push({ events, ...(cursor === undefined ? {} : { cursor }) });
      const instead = await host.gate(events);
      const answers = instead ?? events.map(store);
      if (cursor !== undefined) storage.values.set(cursor.key, cursor.value);
      return answers;
    },
    memory: {
      get: async (key) => storage.values.get(key),
      set: async (key, value) => void storage.values.set(key, JSON.parse(JSON.stringify(value)) as Json),
      delete: async (key) => void storage.values.delete(key),
    },
    report(state, detail) {
      reports.push(state);
      if (detail !== undefined) said.push(detail);
    },
    fetch(request) {
      said.push(request.url);
      return fetch(request);
    },
  };
  return host;
}
