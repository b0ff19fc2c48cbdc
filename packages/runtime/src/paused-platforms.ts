import type { Store } from "./store.ts";

/** Where it is remembered: no platform's name. */
const place = "$gateway";
const key = "paused-platforms";

/** The platforms that somebody paused by hand. */
export async function pausedPlatforms(store: Pick<Store, "readMemory">, nowMs: number): Promise<readonly string[]> {
  const kept = await store.readMemory(place, key, nowMs);
  return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
}

/** Remembers which platforms are paused. */
export async function keepPausedPlatforms(store: Pick<Store, "writeMemory">, paused: readonly string[]): Promise<void> {
  await store.writeMemory({ platform: place, key, value: paused });
}
