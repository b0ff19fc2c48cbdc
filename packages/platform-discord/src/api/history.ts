import type { Calls } from "./calls.ts";
import { refusalCode, toPlatformFailure } from "./failure.ts";

/** What stands in channels. Each throws a `PlatformError` and nothing else. */
export interface HistoryCalls {
  /** Up to a hundred messages after one, oldest first; none where the bot may not read. */
  getMessagesAfter(channelId: string, after: string, signal: AbortSignal): Promise<readonly unknown[]>;
  /** undefined: it is gone, or the bot may not read there. */
  getMessage(channelId: string, messageId: string, signal: AbortSignal): Promise<unknown>;
  /** What a server knows of a person; undefined: nobody there. */
  getMember(guildId: string, userId: string, signal: AbortSignal): Promise<unknown>;
}

/** "Max number of messages to return (1-100)" (Get Channel Messages). */
export const historyPageSize = 100;
/** Unknown channel, message, member, user; missing access, missing permissions. */
const outOfReach: ReadonlySet<number> = new Set([10_003, 10_007, 10_008, 10_013, 50_001, 50_013]);

export function historyCalls({ raw, platform }: Calls): HistoryCalls {
  const read = async (
    what: string,
    path: `/${string}`,
    signal: AbortSignal,
    query?: Readonly<Record<string, string>>,
  ): Promise<unknown> => {
    try {
      return await raw({ method: "GET", path, signal, ...(query === undefined ? {} : { query }) });
    } catch (error) {
      if (outOfReach.has(refusalCode(error) ?? 0)) return undefined;
      throw toPlatformFailure(error, what, platform);
    }
  };
  return {
    async getMessagesAfter(channelId, after, signal) {
      const query = { after, limit: String(historyPageSize) };
      const answer = await read(`read channel ${channelId}`, `/channels/${channelId}/messages`, signal, query);
      if (!Array.isArray(answer)) return [];
      // Discord answers with the newest first, also when asked for what follows a message.
      return answer.toReversed() as readonly unknown[];
    },
    getMessage: (channelId, messageId, signal) =>
      read(`read a message in channel ${channelId}`, `/channels/${channelId}/messages/${messageId}`, signal),
    getMember: (guildId, userId, signal) => read("ask about a member", `/guilds/${guildId}/members/${userId}`, signal),
  };
}
