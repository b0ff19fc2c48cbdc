import type { Language } from "./languages.ts";

/** How times, sizes and numbers are written in a language. */
export interface Formats {
  /** `5 minutes ago`. */
  readonly ago: (atMs: number, nowMs: number) => string;
  /** `5m ago`; a day where that is long ago. */
  readonly shortAgo: (atMs: number, nowMs: number) => string;
  /** `5 min`: the two greatest units of a duration at most. */
  readonly duration: (durationMs: number) => string;
  /** Short, for narrow places: a time of today, else a day. */
  stamp(atMs: number, nowMs: number): string;
  /** A whole date with time. */
  moment(atMs: number): string;
  readonly bytes: (sizeBytes: number) => string;
  number(value: number): string;
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

const longAgoMs = 7 * 86_400_000;

/** Formats of one language. */
export function formatsOf(language: Language): Formats {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const narrow = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "narrow" });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
  const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" });
  const year = new Intl.DateTimeFormat(language, { year: "numeric", month: "short", day: "numeric" });
  const number = new Intl.NumberFormat(language);
  const inUnit = (unit: string, value: number): string =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(value);
  const since = (format: Intl.RelativeTimeFormat, atMs: number, nowMs: number): string => {
    const [unit, unitMs] = greatestUnit(Math.abs(nowMs - atMs));
    return format.format(Math.round((atMs - nowMs) / unitMs), unit);
  };
  const stamp = (atMs: number, nowMs: number): string => {
    const [at, now] = [new Date(atMs), new Date(nowMs)];
    if (at.toDateString() === now.toDateString()) return time.format(at);
    return (at.getFullYear() === now.getFullYear() ? day : year).format(at);
  };
  return {
    ago: (atMs, nowMs) => since(relative, atMs, nowMs),
    shortAgo: (atMs, nowMs) => (nowMs - atMs < longAgoMs ? since(narrow, atMs, nowMs) : stamp(atMs, nowMs)),
    stamp,
    duration: (durationMs) =>
      pieces(durationMs)
        .map(([unit, value]) => inUnit(unit, value))
        .join(" "),
    moment: (atMs) => moment.format(atMs),
    bytes: (sizeBytes) => {
      const [unit, size] = [
        ["gigabyte", 1_073_741_824] as const,
        ["megabyte", 1_048_576] as const,
        ["kilobyte", 1024] as const,
        ["byte", 1] as const,
      ].find(([, size]) => sizeBytes >= size) ?? ["byte", 1];
      return inUnit(unit, sizeBytes / size);
    },
    number: (value) => number.format(value),
  };
}

function greatestUnit(durationMs: number): (typeof units)[number] {
  return units.find(([, unitMs]) => durationMs >= unitMs) ?? ["second", 1000];
}

function pieces(durationMs: number): readonly (readonly [string, number])[] {
  const from = units.findIndex(([, unitMs]) => durationMs >= unitMs);
  if (from === -1) return [["second", 0]];
  let rest = durationMs;
  const found: (readonly [string, number])[] = [];
  for (const [unit, unitMs] of units.slice(from, from + 2)) {
    const value = Math.floor(rest / unitMs);
    rest -= value * unitMs;
    if (value > 0) found.push([unit, value]);
  }
  return found;
}
