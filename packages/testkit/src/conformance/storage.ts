import type { Json, PlatformEvent } from "@hermes/core";

/** What the gateway keeps: it outlives the lives of its process. */
export interface Storage {
  readonly values: Map<string, Json>;
  readonly seen: Set<string>;
  /** Every event that was stored, once. */
  readonly events: PlatformEvent[];
}

export function createStorage(): Storage {
  return { values: new Map(), seen: new Set(), events: [] };
}
