import type { Author, PlatformEvent } from "@hermes/core";
import type { Said, SaidEntry, SaidNotice } from "../store.ts";
import type { Message } from "./conversations.ts";

/** What stands in the history, with what the gateway put in between. */
export function messagesOfEntry(entry: SaidEntry): readonly Message[] {
  const { role, text, atMs, turnId, eventId, sessionId, turnState, steps = [], event, notices } = entry;
  const isAsked = role === "user";
  const message: Message = {
    id: eventId ?? turnId,
    role,
    text,
    atMs,
    attachments: [],
    steps: isAsked ? [] : steps,
    sessionId,
    ...(isAsked && turnState !== undefined ? { state: turnState } : {}),
    ...(event === undefined ? {} : ofEvent(event)),
  };
  return [message, ...notices.map((notice, index) => noticeMessage(notice, `${message.id}~${index}`))];
}

/** A notice, behind the command it answers. */
export function messagesOfNotice(notice: SaidNotice): readonly Message[] {
  const { event, atMs } = notice;
  const answer = noticeMessage(notice, event?.eventId ?? notice.replyId);
  return event === undefined ? [answer] : [{ ...messageOf(event, atMs), state: "finished" }, answer];
}

/** A message that waits for its turn. */
export function messageOfWaiting({ event, atMs }: Said["waiting"][number]): Message {
  return { ...messageOf(event, atMs), state: "waiting" };
}

function noticeMessage({ text, atMs }: SaidNotice, id: string): Message {
  return { id, role: "notice", text, atMs, attachments: [], steps: [] };
}

function messageOf(event: PlatformEvent, atMs: number): Message {
  return { id: event.eventId, role: "user", text: textOf(event), atMs, steps: [], ...ofEvent(event) };
}

function ofEvent(event: PlatformEvent): { readonly author: Author; readonly attachments: Message["attachments"] } {
  return { author: event.origin.author, attachments: event.type === "message" ? event.attachments : [] };
}

function textOf(event: PlatformEvent): string {
  switch (event.type) {
    case "message":
      return event.text;
    case "command":
      return `/${event.name} ${event.arguments}`.trimEnd();
    case "control":
      return `/${event.control}`;
    default:
      return "";
  }
}
