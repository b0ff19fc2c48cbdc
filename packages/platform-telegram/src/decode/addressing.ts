import type { DecodeContext } from "./place.ts";
import type { TelegramEntity, TelegramMessage } from "./update.ts";

/** What a message says, and whether the bot is meant. */
export interface Addressing {
  /** Empty where the message has neither text nor caption. */
  readonly text: string;
  readonly addressed: boolean;
}

/**
 * Reads the text, or the caption. The bot is meant in a direct message, by a mention, by a reply to it, and by a command unless that
 * names another bot. `/command@bot` of this bot becomes `/command`.
 */
export function readAddressing(message: TelegramMessage, context: DecodeContext): Addressing {
  const text = message.text ?? message.caption ?? "";
  const entities = (message.text === undefined ? message.caption_entities : message.entities) ?? [];
  const direct = message.chat.type === "private";
  const command = entities.find((entity) => entity.type === "bot_command" && entity.offset === 0);
  if (command === undefined)
    return { text, addressed: direct || isMentioned(text, entities, context) || isReplyToBot(message, context) };
  const [name = "", bot] = text.slice(0, command.length).split("@");
  if (bot === undefined) return { text, addressed: true };
  if (!isBotName(bot, context)) return { text, addressed: direct };
  return { text: name + text.slice(command.length), addressed: true };
}

function isMentioned(text: string, entities: readonly TelegramEntity[], context: DecodeContext): boolean {
  return entities.some(({ type, offset, length, user }) => {
    if (type === "text_mention") return user?.id === context.botId;
    return type === "mention" && isBotName(text.slice(offset + 1, offset + length), context);
  });
}

function isReplyToBot({ reply_to_message: replied }: TelegramMessage, { botId }: DecodeContext): boolean {
  return replied?.from?.id === botId && replied.sender_chat === undefined && replied.forum_topic_created === undefined;
}

function isBotName(name: string, { botName }: DecodeContext): boolean {
  return botName !== undefined && name.toLowerCase() === botName.toLowerCase();
}
