import type { DecodeContext } from "./place.ts";
import type { RawMessage } from "./payloads.ts";

/** What a message says, and whether the bot is meant. */
export interface Addressing {
  /** As it was written, without the mention that addresses the bot at its beginning or end. */
  readonly content: string;
  readonly addressed: boolean;
  /** Other people, roles or everyone are named, or one of them is answered, and the bot is not meant. */
  readonly forOthers: boolean;
}

/** The bot is meant in a direct message, by a mention of it or of the role that is its own, and by a reply to it. */
export function readAddressing(message: RawMessage, { botId, directory }: DecodeContext): Addressing {
  const { content, guild_id: guildId } = message;
  const roleId = guildId === undefined ? undefined : directory.guild(guildId)?.botRoleId;
  const names = [`@!?${botId}`, ...(roleId === undefined ? [] : [`@&${roleId}`])].join("|");
  const isMentioned =
    message.mentions.some(({ id }) => id === botId) || (roleId !== undefined && message.mention_roles.includes(roleId));
  const isReply = message.referenced_message?.author.id === botId;
  const around = new RegExp(`^\\s*(?:<(?:${names})>[\\s,:]*)+|\\s*<(?:${names})>\\s*$`, "gu");
  const addressed = guildId === undefined || isMentioned || isReply;
  const named = [...message.mentions, ...(message.referenced_message ? [message.referenced_message.author] : [])];
  const namesOthers =
    message.mention_everyone || message.mention_roles.length > 0 || named.some(({ id }) => id !== message.author.id);
  return {
    content: isMentioned ? content.replace(around, "") : content,
    addressed,
    forOthers: !addressed && namesOthers,
  };
}
