import { PlatformError } from "@hermes/core";
import { isTimestamp } from "../place.ts";
import type { Answer } from "./calls.ts";

/** The timestamp in an answer: what was done has to be known by it. */
export function timestampIn(answer: Answer, field: "ts" | "message_ts", what: string, platform: string): string {
  const value = answer[field];
  if (isTimestamp(value)) return value;
  throw unreadable(what, platform);
}

/** It was done, but Slack does not say how it is called. */
export function unreadable(what: string, platform: string): PlatformError {
  return new PlatformError({ platform, failure: { kind: "unavailable" }, message: `Cannot ${what}: the answer is not Slack's` });
}

/** An object out of something unknown; an empty one for anything else. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The entries of a list that are objects. */
export function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(objectIn) : [];
}

export function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
