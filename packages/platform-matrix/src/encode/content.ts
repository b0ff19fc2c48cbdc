import type { Json } from "@hermes/core";
import type { EventContent } from "../api/messages.ts";
import type { Encoded } from "../encode.ts";

/** What a message's content begins with. */
export type TextType = "m.text" | "m.notice";

/** Where a message stands in its room. */
export interface Relation {
  readonly threadId: string | undefined;
  /** The event that is quoted. */
  readonly quote: string | undefined;
  /** The latest event of the thread that is known: what clients without threads show the message as an answer to. */
  readonly latest: string | undefined;
}

/** The content of a text. */
export function textContent(encoded: Encoded, type: TextType, relation: Relation): EventContent {
  return { msgtype: type, ...wordsOf(encoded), ...relationOf(relation) };
}

/** The content of an edit to `content`, with the same for clients that know no edits. What the message relates to stays what it was. */
export function editContent(content: EventContent, eventId: string): EventContent {
  const { body, formatted_body: html } = content;
  return {
    ...content,
    ...(typeof body === "string" ? { body: `* ${body}` } : {}),
    ...(typeof html === "string" ? { formatted_body: `* ${html}` } : {}),
    // Nobody is notified of each step in which an answer grows; whom it names stands in `m.new_content` (User and room mentions).
    "m.mentions": {},
    "m.new_content": content,
    "m.relates_to": { rel_type: "m.replace", event_id: eventId },
  };
}

/** The content of a reaction. */
export function reactionContent(eventId: string, key: string): EventContent {
  return { "m.relates_to": { rel_type: "m.annotation", event_id: eventId, key } };
}

/** Body, HTML and who is notified: without `m.mentions`, clients would look for names in the text. */
export function wordsOf({ body, formattedBody, mentioned }: Encoded): EventContent {
  return {
    body,
    ...(formattedBody === undefined ? {} : { format: "org.matrix.custom.html", formatted_body: formattedBody }),
    "m.mentions": mentioned.length === 0 ? {} : { user_ids: mentioned },
  };
}

export function relationOf({ threadId, quote, latest }: Relation): { readonly "m.relates_to"?: Json } {
  if (threadId === undefined) return quote === undefined ? {} : { "m.relates_to": { "m.in_reply_to": { event_id: quote } } };
  return {
    "m.relates_to": {
      rel_type: "m.thread",
      event_id: threadId,
      is_falling_back: quote === undefined,
      "m.in_reply_to": { event_id: quote ?? latest ?? threadId },
    },
  };
}
