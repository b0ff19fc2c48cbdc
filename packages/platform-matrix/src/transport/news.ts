import { isPlatformError, type Clock, type PlatformEvent, type PlatformHost } from "@hermes/core";
import type { Api } from "../api.ts";
import type { KnownEvents } from "../decode/known-events.ts";
import { fieldsOf, textIn } from "../decode/raw-event.ts";
import type { Rooms } from "../rooms.ts";
import type { Chores } from "./chores.ts";
import { explainOnce } from "./encrypted-rooms.ts";
import { fillGap, isArrival, type Gap } from "./gap.ts";
import { eventsOf, type LookUps } from "./room-events.ts";
import type { RoomNews } from "./sync-answer.ts";
import { upgradeIn, type RoomUpgrade } from "./upgrades.ts";

export interface NewsOptions {
  readonly platform: string;
  readonly botId: string;
  readonly botName: () => string | undefined;
  readonly api: Api;
  readonly host: PlatformHost;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly known: KnownEvents;
  readonly commands: () => ReadonlySet<string>;
  readonly errands: Chores;
}

/** One answer while it is read: look-ups are counted, rooms that go on as others are collected. */
export interface Reading extends LookUps {
  readonly since: string;
  /** How often in a row it went wrong before. */
  readonly failures: number;
  readonly upgrades: RoomUpgrade[];
}

const lookUps = 50;
/** Nobody waits longer for what others answered to, in milliseconds. */
const lookUpMs = 10_000;
/** After so many failures in a row, a room that cannot be asked about is taken for an ordinary one. */
const failuresToBeLenient = 2;
/** After so many, what cannot be read of one room is left out: it must not keep all others from being heard. */
const failuresToGoOnWithoutGap = 4;

export function startReading(since: string, failures: number): Reading {
  return { since, failures, lookUps, lookUpMs, upgrades: [] };
}

/** What the bot hears of what happened in one room, in order. */
export async function readNews(
  news: RoomNews,
  reading: Reading,
  options: NewsOptions,
  signal: AbortSignal,
): Promise<readonly PlatformEvent[]> {
  const { platform, api, botId, botName, clock, host, rooms, known, commands, errands } = options;
  if (news.timeline.length === 0 && news.state.length === 0) return [];
  const hasArrived = news.timeline.some((raw) => isArrival(raw, botId));
  const gap = hasArrived ? nothing : await gapIn(news, reading, options, signal);
  const happened = [...gap.events, ...news.timeline];
  // What was said before the bot came was not said to it.
  const heard = happened.slice(happened.findLastIndex((raw) => isArrival(raw, botId)) + 1);
  for (const raw of [...news.state, ...happened]) rooms.noteState(news.roomId, raw);
  if (heard.length === 0) return [];
  const room = await rooms.facts(news.roomId, signal, reading.failures >= failuresToBeLenient);
  if (room.isEncrypted && heard.some(isAboutEncryption)) explainOnce(news.roomId, botId, { api, host, chores: errands });
  reading.upgrades.push(...heard.flatMap((raw) => upgradeIn(raw, room, botId) ?? []));
  const decoding = { platform, botId, botName, api, known, commands, nowMs: () => clock.now() };
  return eventsOf(heard, [...gap.state, ...news.state], room, decoding, reading, signal);
}

const nothing: Gap = { events: [], state: [] };

/** What happened in between. A room of which that cannot be told keeps nobody else waiting for ever. */
async function gapIn(
  news: RoomNews,
  { since, failures }: Reading,
  { api, botId, clock, host }: NewsOptions,
  signal: AbortSignal,
): Promise<Gap> {
  if (news.gapBefore === undefined) return nothing;
  try {
    return await fillGap(news, since, { api, botId, clock, logger: host.logger }, signal);
  } catch (error) {
    if (signal.aborted || !isPlatformError(error)) throw error;
    const { kind } = error.failure;
    const isRefused = kind === "forbidden" || kind === "not-found" || kind === "invalid";
    if (!isRefused && !(kind === "unavailable" && failures >= failuresToGoOnWithoutGap)) throw error;
    host.logger.error(`What was said in ${news.roomId} meanwhile cannot be read back, and is not heard: ${error.message}`);
    return nothing;
  }
}

function isAboutEncryption(raw: unknown): boolean {
  const type = textIn(fieldsOf(raw), "type");
  return type === "m.room.encrypted" || type === "m.room.encryption";
}
