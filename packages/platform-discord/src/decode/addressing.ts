import type { DecodeContext } from "./place.ts";
import type { RawMessage } from "./payloads.ts";

/** What a message says, and whether the bot is meant. */
export interface Addressing {
  /** As it was written, without the mention that addresses the bot at its beginning or end. */
  readonly content: string;
  readonly addressed: boolean;
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
  return {
    content: isMentioned ? content.replace(around, "") : content,
    addressed: guildId === undefined || isMentioned || isReply,
  };
}
