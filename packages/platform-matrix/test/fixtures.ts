import { readFileSync } from "node:fs";
import type { PlatformEvent } from "@hermes/core";
import { decodeEvent } from "../src/decode.ts";
import type { DecodeContext, KnownEvent } from "../src/decode/place.ts";

/** A payload as a homeserver told it. */
export function fixture(name: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as Readonly<Record<string, unknown>>;
}

/** A group that the bot is in. */
export const context: DecodeContext = {
  platform: "matrix",
  botId: "@hermes:example.org",
  botName: "Hermes",
  room: { roomId: "!room:example.org", isDirect: false, isEncrypted: false, name: "Club" },
  commands: new Set(["help"]),
  nameOf: (userId) => (userId === "@ada:example.org" ? "Ada" : undefined),
  related: undefined,
  nowMs: 1_767_225_700_000,
};

export const direct: DecodeContext = { ...context, room: { ...context.room, isDirect: true } };

/** What is known of an earlier message. */
export function known(more: Partial<KnownEvent> = {}): KnownEvent {
  return {
    sender: "@ada:example.org",
    kind: "message",
    threadId: undefined,
    text: "hello there",
    saidBy: "$direct",
    target: undefined,
    ...more,
  };
}

/** The one event in a payload. */
export function decode(raw: unknown, more: Partial<DecodeContext> = {}): PlatformEvent | undefined {
  const [event, ...rest] = decodeEvent(raw, { ...context, ...more });
  if (rest.length > 0) throw new Error("Expected one event");
  return event;
}
