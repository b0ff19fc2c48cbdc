const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `2026-11-21`, by this machine's clock and zone. */
export function day(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** `14:03:22.120`. */
export function exactTime(atMs: number): string {
  return `${time(atMs)}.${String(new Date(atMs).getMilliseconds()).padStart(3, "0")}`;
}

function time(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `2 min ago`; a clock that was set back does not make it the future. */
export function ago(atMs: number, nowMs: number): string {
  const passedMs = nowMs - atMs;
  if (passedMs < 10_000) return "just now";
  if (passedMs < minuteMs) return `${Math.floor(passedMs / 1000)} s ago`;
  if (passedMs < hourMs) return `${Math.floor(passedMs / minuteMs)} min ago`;
  if (passedMs < 2 * dayMs) return `${Math.floor(passedMs / hourMs)} h ago`;
  return `${Math.floor(passedMs / dayMs)} days ago`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** For lists: `14:03 2m ago`, the day instead where it is another one: `16 Nov 4d ago`. */
export function briefMoment(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const absolute = day(atMs) === day(nowMs) ? time(atMs).slice(0, 5) : `${at.getDate()} ${months[at.getMonth()]}`;
  return `${absolute} ${briefAgo(nowMs - atMs)}`;
}

function briefAgo(passedMs: number): string {
  if (passedMs < 10_000) return "now";
  if (passedMs < minuteMs) return `${Math.floor(passedMs / 1000)}s ago`;
  if (passedMs < hourMs) return `${Math.floor(passedMs / minuteMs)}m ago`;
  return passedMs < 2 * dayMs ? `${Math.floor(passedMs / hourMs)}h ago` : `${Math.floor(passedMs / dayMs)}d ago`;
}

/** `2026-11-21 14:03:22 (2 min ago)`. */
export function fullMoment(atMs: number, nowMs: number): string {
  return `${day(atMs)} ${time(atMs)} (${ago(atMs, nowMs)})`;
}

/** `0.4 s`, `2 min`. */
export function span(durationMs: number): string {
  const positive = Math.max(0, durationMs);
  if (positive < 1000) return `${Math.round(positive)} ms`;
  if (positive < minuteMs) return `${(positive / 1000).toFixed(1)} s`;
  return positive < hourMs ? `${Math.round(positive / minuteMs)} min` : `${(positive / hourMs).toFixed(1)} h`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
