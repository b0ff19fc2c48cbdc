const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `24h`, `7d` in milliseconds; undefined for anything else. */
export function parseSpan(text: string): number | undefined {
  const { amount, unit } = /^(?<amount>\d{1,6})(?<unit>[smhd])$/u.exec(text)?.groups ?? {};
  const unitMs = units[unit ?? ""];
  return unitMs === undefined ? undefined : Number(amount) * unitMs;
}
