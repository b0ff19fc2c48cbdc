import type { EventBook } from "./event-book.ts";
import type { Replies } from "./replies.ts";

/** What an id means: of an event, of a reply, of a message on its platform, or an event's number. */
export function findById(
  id: string,
  events: EventBook,
  replies: Replies,
): { readonly seq?: number; readonly replyIds: readonly string[] } | undefined {
  const replyId = replies.reply(id)?.replyId;
  const seq = replyId === undefined ? events.find(id) : replies.reply(id)?.seq;
  const ofEvent = replyId ?? (seq === undefined ? replies.findByMessage(id) : events.replyOf(seq));
  const source = seq ?? (ofEvent === undefined ? undefined : replies.reply(ofEvent)?.seq);
  if (source === undefined && ofEvent === undefined) return undefined;
  return { ...(source === undefined ? {} : { seq: source }), replyIds: ofEvent === undefined ? [] : [ofEvent] };
}
