import type { Store } from "./store.ts";

/** Where it is remembered: no platform's name. */
const place = "$gateway";
const key = "paused-platforms";

/** The platforms that somebody paused by hand. */
export async function pausedPlatforms(store: Pick<Store, "readMemory">, nowMs: number): Promise<readonly string[]> {
  const kept = await store.readMemory(place, key, nowMs);
  return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
}

/** Remembers which of the platforms that are there are paused; what is remembered of others stays. */
export async function keepPausedPlatforms(
  store: Pick<Store, "readMemory" | "writeMemory">,
  isPaused: ReadonlyMap<string, boolean>,
  nowMs: number,
): Promise<void> {
  const others = (await pausedPlatforms(store, nowMs)).filter((id) => !isPaused.has(id));
  const paused = [...isPaused].flatMap(([id, isOne]) => (isOne ? [id] : []));
  await store.writeMemory({ platform: place, key, value: [...others, ...paused] });
}
