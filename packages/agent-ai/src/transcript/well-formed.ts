import type { Json } from "@hermes/core";

/** No input of a tool and no part of an answer is nested deeper. */
const deepest = 200;

/**
 * The same value without halves of characters: no UTF-8 holds one, so that a provider would refuse every prompt it stands in.
 *
 * @throws RangeError for what is nested so deep that it could not be written again.
 */
export function wellFormed(value: Json, depth = 0): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) throw new RangeError(`Expected values that are nested ${deepest} levels deep at most`);
  if (isList(value)) return value.map((each) => wellFormed(each, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toWellFormed(), wellFormed(each, depth + 1)]));
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
