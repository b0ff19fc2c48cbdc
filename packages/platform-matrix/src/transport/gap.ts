import type { Clock, Logger } from "@hermes/core";
import type { Api } from "../api.ts";
import { readEvent, textIn } from "../decode/raw-event.ts";
import { listIn, type RoomNews } from "./sync-answer.ts";

/** What happened in between, oldest first, and the state that came with it. */
export interface Gap {
  readonly events: readonly unknown[];
  readonly state: readonly unknown[];
}

export interface GapOptions {
  readonly api: Pick<Api, "messages">;
  readonly botId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const pageSize = 100;
/** So much of one room is held in memory while its events are read. */
const maxPages = 10;
/** What was said longer ago is answered no more. */
export const maxAgeMs = 30 * 24 * 60 * 60_000;

/**
 * What happened in a room between `since` and what the homeserver told by itself, oldest first, and the state that came with it. No more
 * than a thousand events and thirty days; what is left out is said in the log.
 */
export async function fillGap(
  { roomId, gapBefore }: RoomNews,
  since: string,
  { api, botId, clock, logger }: GapOptions,
  signal: AbortSignal,
): Promise<Gap> {
  const found: unknown[] = [];
  const state: unknown[] = [];
  const oldestMs = clock.now() - maxAgeMs;
  let from = gapBefore;
  let isOldLeftOut = false;
  for (let page = 0; from !== undefined; page += 1) {
    if (page === maxPages) {
      logger.warn(
        `More was said in ${roomId} meanwhile than is read back: only the latest ${found.length} events of it are heard`,
      );
      break;
    }
    const answer = await api.messages(roomId, { from, to: since, limit: pageSize }, signal);
    const chunk = listIn(answer, "chunk");
    state.push(...listIn(answer, "state"));
    const recent = chunk.filter((raw) => (readEvent(raw)?.atMs ?? Infinity) >= oldestMs);
    found.push(...recent);
    isOldLeftOut ||= recent.length < chunk.length;
    // Whoever has a server can write any time on an event: one that claims to be old does not hide what was said before it.
    if (chunk.length > 0 && recent.length === 0) break;
    const end = textIn(answer, "end");
    // Before the bot came, nothing was said to it.
    if (chunk.length === 0 || end === from || chunk.some((raw) => isArrival(raw, botId))) break;
    from = end;
  }
  if (isOldLeftOut) logger.warn(`What was said in ${roomId} longer than 30 days ago is not read any more`);
  return { events: found.toReversed(), state };
}

/** Whether the bot came into the room by this event. */
export function isArrival(raw: unknown, botId: string): boolean {
  const event = readEvent(raw);
  if (event?.type !== "m.room.member" || event.stateKey !== botId) return false;
  return textIn(event.content, "membership") === "join" && event.membershipBefore !== "join";
}
