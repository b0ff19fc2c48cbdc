import type { Clock, PlatformEvent, PlatformHost } from "@hermes/core";
import type { Api } from "../api.ts";
import { historyPageSize } from "../api/history.ts";
import { isLater, isSnowflake } from "../decode/snowflakes.ts";

/** How far back is looked after a gap, in milliseconds. */
export const catchUpMs = 24 * 60 * 60_000;
/** Pages of a hundred messages of one channel. */
const maxPages = 50;
/** People whose roles are remembered while history is read. */
const maxMembers = 500;

export interface HistoryParts {
  readonly api: Pick<Api, "getMessagesAfter" | "getMember">;
  readonly logger: PlatformHost["logger"];
  readonly clock: Clock;
  /** Makes the event of a message as the gateway would tell of it. */
  readonly decode: (message: unknown) => readonly PlatformEvent[];
  /** Repeats a call for as long as what fails passes by itself; undefined: it is refused. */
  readonly reached: <Result>(call: () => Promise<Result>) => Promise<Result | undefined>;
  readonly signal: AbortSignal;
}

/** A page of history: its events, and the last message in it, whoever said that. */
export interface HistoryPage {
  readonly events: readonly PlatformEvent[];
  readonly lastId: string;
}

/**
 * The messages of a channel after one, page by page, oldest first. In a server each is completed with what history does not tell and
 * the gateway does: the server, and its author's roles and nickname there.
 */
export async function* readHistory(
  channelId: string,
  guildId: string | undefined,
  after: string,
  parts: HistoryParts,
): AsyncGenerator<HistoryPage, void, undefined> {
  const members = new Map<string, unknown>();
  let lastId = after;
  for (let page = 0; page < maxPages; page += 1) {
    const since = lastId;
    const messages = (await parts.reached(() => parts.api.getMessagesAfter(channelId, since, parts.signal))) ?? [];
    const events: PlatformEvent[] = [];
    for (const message of messages) {
      const id = (message as { readonly id?: unknown } | null)?.id;
      if (isSnowflake(id) && isLater(id, lastId)) lastId = id;
      events.push(...parts.decode(guildId === undefined ? message : await completed(message, guildId, members, parts)));
    }
    if (messages.length > 0) yield { events, lastId };
    if (messages.length < historyPageSize || lastId === since) return;
  }
  parts.logger.warn(`Channel ${channelId} has more messages than are caught up on; those after message ${lastId} are left out`);
}

async function completed(
  message: unknown,
  guildId: string,
  members: Map<string, unknown>,
  { api, reached, signal }: HistoryParts,
): Promise<unknown> {
  if (typeof message !== "object" || message === null) return message;
  const { author, webhook_id: webhookId } = message as {
    readonly author?: { readonly id?: unknown } | null;
    readonly webhook_id?: unknown;
  };
  const userId = author?.id;
  if (!isSnowflake(userId) || webhookId !== undefined) {
    return { ...message, guild_id: guildId };
  }
  if (!members.has(userId)) {
    if (members.size >= maxMembers) members.clear();
    members.set(userId, await reached(() => api.getMember(guildId, userId, signal)));
  }
  const member = members.get(userId);
  return { ...message, guild_id: guildId, ...(member === undefined ? {} : { member }) };
}
