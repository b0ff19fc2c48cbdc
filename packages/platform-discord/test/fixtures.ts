import { readdirSync, readFileSync } from "node:fs";
import type { PlatformEvent } from "@hermes/core";
import { expect } from "vitest";
import { decodeDispatch } from "../src/decode.ts";
import { Directory } from "../src/decode/directory.ts";
import type { DecodeContext } from "../src/decode/place.ts";

const fixtures = new URL("fixtures/", import.meta.url);

/** Ids that the fixtures name. */
export const ids = {
  bot: "1001000000000000001",
  application: "1001000000000000002",
  ada: "1001000000000000042",
  guild: "1001000000000000100",
  general: "1001000000000000101",
  botRole: "1001000000000000102",
  role: "1001000000000000103",
  thread: "1001000000000000110",
  post: "1001000000000000111",
  forum: "1001000000000000112",
  direct: "1001000000000000200",
  message: "1456225438416830464",
} as const;

/** Who decodes, when, and what is known of the server. */
export function contextOf(change: Partial<DecodeContext> = {}): DecodeContext {
  const directory = new Directory();
  const roles = [
    { id: ids.botRole, name: "Hermes", tags: { bot_id: ids.bot } },
    { id: ids.role, name: "Tea makers", tags: undefined },
  ];
  const channels = [
    { id: ids.general, type: 0, name: "general" },
    { id: ids.forum, type: 15, name: "help" },
  ];
  const threads = [
    { id: ids.thread, type: 11, name: "a thread", parent_id: ids.general },
    { id: ids.post, type: 11, name: "a post", parent_id: ids.forum },
  ];
  const guild = { id: ids.guild, name: "Club", boostTier: 0, systemChannelId: undefined, joinedMs: 0, channels, threads, roles };
  directory.noteGuild(guild, ids.bot);
  return {
    platform: "discord",
    botId: ids.bot,
    applicationId: ids.application,
    directory,
    nowMs: 1_767_263_000_000,
    occurrence: "session:7",
    autoThread: false,
    authorOf: () => undefined,
    ...change,
  };
}

/** The dispatch in a file. */
export function fixture(name: string): { readonly t: string; readonly d: unknown } {
  return JSON.parse(readFileSync(new URL(`${name}.json`, fixtures), "utf8")) as { readonly t: string; readonly d: unknown };
}

/** The events in a fixture. */
export function decode(name: string, change?: Partial<DecodeContext>): readonly PlatformEvent[] {
  const { t, d } = fixture(name);
  return decodeDispatch(t, d, contextOf(change));
}

/** The one event in a fixture. */
export function event(name: string, change?: Partial<DecodeContext>): PlatformEvent {
  const [only, ...more] = decode(name, change);
  expect(more).toEqual([]);
  return only ?? expect.unreachable(`${name} holds no event`);
}

/** The names of all fixtures. */
export const fixtureNames: readonly string[] = readdirSync(fixtures).map((file) => file.replace(".json", ""));
