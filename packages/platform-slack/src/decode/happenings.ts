import type { PlatformEvent } from "@hermes/core";
import { emojiOf } from "../capabilities/reaction-emojis.ts";
import { chatOf, commonOf, dateOf, otherEvent, personOf, type Addressee, type DecodeContext } from "./context.ts";
import { memberSchema, reactionSchema } from "./schemas.ts";

/** undefined: not as Slack describes it. */
export function decodeReaction(
  event: unknown,
  added: boolean,
  to: Addressee,
  eventId: string,
  context: DecodeContext,
): readonly PlatformEvent[] | undefined {
  const change = reactionSchema.safeParse(event).data;
  if (change === undefined) return undefined;
  const { user, reaction, item, event_ts: at } = change;
  if (user === to.bot.userId) return [];
  const { channel, ts } = item;
  if (item.type !== "message" || !channel || !ts) {
    return [otherEvent(added ? "reaction_added" : "reaction_removed", event, eventId, to.team, context)];
  }
  const chat = chatOf(to.team, channel, undefined, context);
  const id = `reaction:${chat.ref.chatId}/${ts}:${user}:${reaction}:${added ? "added" : "removed"}:${at}`;
  const common = commonOf({ chat, author: personOf(user), eventId: id, at: dateOf(at, context.nowMs), messageId: ts });
  return [{ ...common, type: "reaction", messageId: ts, emoji: emojiOf(reaction), added }];
}

/** People coming and going, the bot among them; undefined: not as Slack describes it. */
export function decodeMember(
  event: unknown,
  isThere: boolean,
  to: Addressee,
  eventId: string,
  context: DecodeContext,
): readonly PlatformEvent[] | undefined {
  const member = memberSchema.safeParse(event).data;
  if (member === undefined) return undefined;
  const { user, actor_id: actor, channel, event_ts: at } = member;
  const isBot = user === undefined || user === null || user === to.bot.userId;
  const change = isBot ? (isThere ? "bot-added" : "bot-removed") : isThere ? "joined" : "left";
  const who = isBot ? (actor ?? user ?? "unknown") : user;
  const common = commonOf({
    chat: chatOf(to.team, channel, undefined, context),
    author: personOf(who),
    eventId,
    at: dateOf(at, context.nowMs),
  });
  return [{ ...common, type: "membership", change }];
}
