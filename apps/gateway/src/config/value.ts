import type { Json } from "@hermes/core";

/** Names that mean something to JavaScript itself. */
export function isForbiddenKey(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/** A yes or no as people write it; undefined when it is neither. */
export function parseFlag(value: Json): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim().toLowerCase() : "";
  if (["true", "yes", "on", "1"].includes(text)) return true;
  if (["false", "no", "off", "0"].includes(text)) return false;
  return undefined;
}

/** A list as people write it: a list, or one text with commas; undefined when it holds anything but texts and numbers. */
export function parseList(value: Json): readonly string[] | undefined {
  if (typeof value === "string" || typeof value === "number") return entriesOf(String(value).split(","));
  if (!Array.isArray(value)) return undefined;
  const items: readonly unknown[] = value;
  if (!items.every((item) => typeof item === "string" || typeof item === "number")) return undefined;
  return entriesOf(items.map(String));
}

function entriesOf(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

/** A port from 0 (any free one) to 65535; undefined when it is none. */
export function parsePort(value: Json): number | undefined {
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  if (!/^\d{1,5}$/u.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** A whole number of days, at least one and at most a hundred years; undefined when it is none. */
export function parseDays(value: Json): number | undefined {
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  const days = /^\d{1,5}$/u.test(text) ? Number(text) : 0;
  return days >= 1 && days <= 36_500 ? days : undefined;
}

/** A whole number from `least` to `most`; undefined when it is none. */
export function parseCount(value: Json, least: number, most: number): number | undefined {
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  const count = /^\d{1,9}$/u.test(text) ? Number(text) : Number.NaN;
  return count >= least && count <= most ? count : undefined;
}

/** How a value is shown to a person. */
export function showValue(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value);
}
