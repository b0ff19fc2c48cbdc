import { isEventId } from "../identifiers.ts";
import { fieldsOf, textIn, type Fields, type RawEvent } from "./raw-event.ts";

/** What an event has to do with earlier ones. */
export interface Relations {
  /** The message that a thread began with. */
  readonly threadId: string | undefined;
  /** The message that is answered, by the person and not by a client for those without threads. */
  readonly repliesTo: string | undefined;
  readonly replaces: string | undefined;
  readonly annotates: { readonly eventId: string; readonly key: string } | undefined;
}

/** Reads `m.relates_to`; ids that are none count as absent. */
export function relationsOf(content: Fields): Relations {
  const relation = fieldsOf(content["m.relates_to"]);
  const type = textIn(relation, "rel_type");
  const eventId = idIn(relation, "event_id");
  const answered = idIn(fieldsOf(relation?.["m.in_reply_to"]), "event_id");
  const isThread = type === "m.thread" && eventId !== undefined;
  const key = textIn(relation, "key");
  return {
    threadId: isThread ? eventId : undefined,
    // "is_falling_back": the reply is there for clients that show no threads.
    repliesTo: isThread && relation?.["is_falling_back"] === true ? undefined : answered,
    replaces: type === "m.replace" ? eventId : undefined,
    annotates: type === "m.annotation" && eventId !== undefined && key !== undefined ? { eventId, key } : undefined,
  };
}

/** The earlier event without which this one is not understood, if there is one. */
export function neededFor(event: RawEvent): string | undefined {
  if (event.type === "m.room.redaction") return event.redacts;
  const { repliesTo, replaces, annotates } = relationsOf(event.content);
  return replaces ?? annotates?.eventId ?? repliesTo;
}

function idIn(fields: Fields | undefined, key: string): string | undefined {
  const id = textIn(fields, key);
  return id !== undefined && isEventId(id) ? id : undefined;
}
