/** Whether a value is one of Discord's ids. */
export function isSnowflake(value: unknown): value is string {
  return typeof value === "string" && /^\d{17,20}$/u.test(value);
}

/** The first second of 2015: snowflakes count from there (Discord, Snowflakes). */
const epochMs = 1_420_070_400_000;

/** When an id was made, in milliseconds since 1970. */
export function timeOf(id: string): number {
  return Number(BigInt(id) >> 22n) + epochMs;
}

/** The first id that could be made at a time. */
export function idAt(timeMs: number): string {
  return String(BigInt(Math.max(0, Math.floor(timeMs) - epochMs)) << 22n);
}

/** Whether one id was made after another. */
export function isLater(id: string, than: string): boolean {
  return BigInt(id) > BigInt(than);
}
