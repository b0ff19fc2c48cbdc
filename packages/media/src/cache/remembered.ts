import type { Gates } from "./gates.ts";
import type { ReadingCache } from "./reading-cache.ts";
import type { Reading } from "./reading.ts";

/** Where readings are kept, and who makes them one after the other. */
export interface Memory {
  readonly cache: ReadingCache;
  readonly gates: Gates;
}

/** What is remembered under a key, or what `make` comes to: two who ask at once for the same pay once. */
export async function remembered(
  { cache, gates }: Memory,
  key: string,
  signal: AbortSignal,
  make: () => Promise<Reading>,
): Promise<Reading> {
  const known = await cache.get(key);
  if (known !== undefined) return known;
  const leave = await gates.enter(key, signal);
  try {
    const meanwhile = await cache.get(key);
    if (meanwhile !== undefined) return meanwhile;
    const made = await make();
    await cache.put(key, made);
    return made;
  } finally {
    leave();
  }
}
