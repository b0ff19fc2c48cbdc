import { readdirSync, readFileSync } from "node:fs";
import type { PlatformEvent } from "@hermes/core";
import { expect } from "vitest";
import { decodeUpdate } from "../src/decode.ts";
import type { DecodeContext } from "../src/decode/context.ts";

const fixtures = new URL("fixtures/", import.meta.url);
/** Who decodes, and when. */
export const context: DecodeContext = {
  platform: "slack",
  nowMs: 1_767_226_000_000,
  bots: new Map([["T0ONE", { userId: "U0BOT0", botId: "B0BOT0" }]]),
  replyInThread: true,
  commandName: "hermes",
  commands: new Set(["status", "new"]),
  isIncomplete: false,
};

/** The body of a request, or of an envelope. */
export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, fixtures), "utf8"));
}

/** The events in a fixture. */
export function decode(name: string, change: Partial<DecodeContext> = {}): readonly PlatformEvent[] {
  return decodeUpdate({ kind: "event", payload: fixture(name) }, { ...context, ...change });
}

/** The one event in a fixture. */
export function event(name: string, change?: Partial<DecodeContext>): PlatformEvent {
  const [only, ...more] = decode(name, change);
  expect(more).toEqual([]);
  return only ?? expect.unreachable(`${name} holds no event`);
}

/** The names of all fixtures. */
export const fixtureNames: readonly string[] = readdirSync(fixtures).map((file) => file.replace(".json", ""));
