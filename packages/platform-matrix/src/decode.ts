import { keptPayload, type MessageEvent, type OtherEvent, type PlatformEvent } from "@hermes/core";
import { fileOf } from "./decode/attachments.ts";
import { authorOf, commonOf, unreadPlace, type Common, type DecodeContext, type KnownEvent } from "./decode/place.ts";
import { fieldsOf, readEvent, textIn, type Fields, type RawEvent } from "./decode/raw-event.ts";
import { relationsOf } from "./decode/relation.ts";
import { wordsOf, type Words } from "./decode/words.ts";

/**
 * The events in one of a room's, as a rule one; none for what the bot itself did, for what was taken out again, and for edits that change
 * nothing. Pure; never throws. What cannot be read becomes `other` with `undecodable`.
 */
export function decodeEvent(raw: unknown, context: DecodeContext): readonly PlatformEvent[] {
  const event = readEvent(raw);
  if (event === undefined) return [undecodable(raw, context)];
  if (event.sender === context.botId || event.isRedacted) return [];
  const decoded = decodeKind(event, context);
  return decoded ?? [undecodable(raw, context)];
}

/** undefined: not as the specification describes it. */
function decodeKind(event: RawEvent, context: DecodeContext): readonly PlatformEvent[] | undefined {
  switch (event.type) {
    case "m.room.message":
    case "m.sticker":
      return decodeMessage(event, context);
    case "m.reaction":
      return decodeReaction(event, context);
    case "m.room.redaction":
      return decodeRedaction(event, context);
    case "m.room.member":
      return decodeMembership(event, context);
    case "m.room.name":
    case "m.room.encryption":
      // They change what is known of the room.
      return [];
    default:
      return [other(event, event.type, context)];
  }
}

function decodeMessage(event: RawEvent, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const relations = relationsOf(event.content);
  if (relations.replaces !== undefined) return decodeEdit(event, relations.replaces, context);
  const said = saidIn(event, event.content, relations.repliesTo !== undefined || relations.threadId !== undefined, context);
  if (said === undefined) return undefined;
  if (said.kind === "other") return [other(event, said.name, context)];
  const { repliesTo, threadId } = relations;
  const { related, room } = context;
  const ofBot = repliesTo !== undefined && related?.sender === context.botId;
  const common = commonOf(event, context, { threadId, messageId: event.id, isBot: said.isBot });
  const addressed = room.isDirect || said.words.isMentioned || said.words.isCommand || ofBot;
  return [
    {
      ...common,
      type: "message",
      messageId: event.id,
      text: said.words.text,
      addressed,
      ...(!addressed && said.words.isForOthers ? { forOthers: true } : {}),
      attachments: said.attachments,
      ...(repliesTo === undefined ? {} : { replyTo: replyTo(repliesTo, ofBot, common, related) }),
    },
  ];
}

const maxQuoteLength = 2000;

function replyTo(
  messageId: string,
  ofBot: boolean,
  { chat }: Common,
  related: KnownEvent | undefined,
): NonNullable<MessageEvent["replyTo"]> {
  const text =
    related?.kind === "message" && related.text !== "" ? related.text.slice(0, maxQuoteLength).toWellFormed() : undefined;
  return { message: { ...chat.ref, messageId }, ...(text === undefined ? {} : { text }), ofBot };
}

type Said =
  | { readonly kind: "words"; readonly words: Words; readonly attachments: MessageEvent["attachments"]; readonly isBot: boolean }
  | { readonly kind: "other"; readonly name: string };

/** What a message's content says; undefined where that cannot be told. */
function saidIn(event: RawEvent, content: Fields, isReply: boolean, context: DecodeContext): Said | undefined {
  const type = event.type === "m.sticker" ? "m.sticker" : textIn(content, "msgtype");
  const body = textIn(content, "body");
  if (type === undefined || body === undefined) return undefined;
  if (type === "m.key.verification.request") return { kind: "other", name: type };
  const file = fileOf(type, content);
  const shown =
    file === undefined ? shownAs(type, content, body, event, context) : captionOf(file.caption, file.attachment === undefined);
  const words = wordsOf(content, shown, isReply, context);
  const attachments = file?.attachment === undefined ? [] : [file.attachment];
  if (attachments.length === 0 && words.text.trim() === "") return { kind: "other", name: type };
  // "Bots … m.notice … must not be automatically responded to" (m.notice): whoever sends notices is a bot.
  return { kind: "words", words, attachments, isBot: type === "m.notice" };
}

function captionOf(caption: string, isUnreadable: boolean): string {
  return isUnreadable ? `[Encrypted file] ${caption}`.trim() : caption;
}

/** What is no text is said in words. */
function shownAs(type: string, content: Fields, body: string, event: RawEvent, context: DecodeContext): string {
  switch (type) {
    case "m.emote":
      return `* ${authorOf(event.sender, context, false).name ?? event.sender} ${body}`;
    case "m.location": {
      const [, latitude, longitude] = /^geo:(-?[\d.]{1,20}),(-?[\d.]{1,20})/u.exec(textIn(content, "geo_uri") ?? "") ?? [];
      return latitude === undefined ? body : `[Location ${latitude}, ${longitude}] ${body}`.trim();
    }
    default:
      return body;
  }
}

/** Anybody's client may say that it replaces anybody's message: only that of the same person is replaced (Event replacements). */
function decodeEdit(event: RawEvent, replaced: string, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const { related } = context;
  const content = fieldsOf(event.content["m.new_content"]);
  const said = content && saidIn(event, content, false, context);
  if (said === undefined) return undefined;
  if (related === undefined || related.sender !== event.sender || related.kind !== "message" || said.kind === "other") {
    return [other(event, "m.replace", context)];
  }
  if (related.text === said.words.text && related.saidBy !== event.id) return [];
  const common = commonOf(event, context, { threadId: related.threadId, messageId: replaced, isBot: said.isBot });
  return [{ ...common, type: "edit", messageId: replaced, text: said.words.text }];
}

function decodeReaction(event: RawEvent, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const { annotates } = relationsOf(event.content);
  if (annotates === undefined || annotates.key === "" || annotates.key.length > maxEmojiLength) return undefined;
  const common = commonOf(event, context, { threadId: context.related?.threadId, messageId: annotates.eventId });
  return [{ ...common, type: "reaction", messageId: annotates.eventId, emoji: bareEmoji(annotates.key), added: true }];
}

/** Some clients send words. */
const maxEmojiLength = 100;

/** Without the sign that asks for a colourful picture: clients differ in whether they put it. */
export function bareEmoji(emoji: string): string {
  return emoji.replaceAll("\uFE0F", "");
}

function decodeRedaction(event: RawEvent, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const { redacts } = event;
  if (redacts === undefined) return undefined;
  const { related } = context;
  switch (related?.kind) {
    case "edit":
      return [other(event, "m.room.redaction", context)];
    case "reaction": {
      if (related.target === undefined) return [other(event, "m.room.redaction", context)];
      const common = commonOf(event, context, { threadId: related.threadId, messageId: related.target });
      return [{ ...common, type: "reaction", messageId: related.target, emoji: related.text, added: false }];
    }
    default: {
      const common = commonOf(event, context, { threadId: related?.threadId, messageId: redacts });
      return [{ ...common, type: "delete", messageIds: [redacts] }];
    }
  }
}

function decodeMembership(event: RawEvent, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const membership = textIn(event.content, "membership");
  if (membership === undefined || event.stateKey === undefined) return undefined;
  const isGone = membership === "leave" || membership === "ban";
  if (event.stateKey !== context.botId || !isGone || event.membershipBefore === "invite") return [];
  return [{ ...commonOf(event, context), type: "membership", change: "bot-removed" }];
}

function other(event: RawEvent, name: string, context: DecodeContext): OtherEvent {
  const { threadId } = relationsOf(event.content);
  return { ...commonOf(event, context, { threadId }), type: "other", name, payload: keptPayload(event.content) };
}

function undecodable(raw: unknown, context: DecodeContext): OtherEvent {
  const name = textIn(fieldsOf(raw), "type") ?? "event";
  return {
    ...unreadPlace(raw, context),
    type: "other",
    name: name.slice(0, 100).toWellFormed(),
    payload: keptPayload(raw),
    undecodable: true,
  };
}

/** What later events may need to know of this one; undefined where none can relate to it. */
export function knowledgeOf(
  raw: unknown,
  context: Omit<DecodeContext, "related">,
): { readonly id: string; readonly known: KnownEvent } | undefined {
  const event = readEvent(raw);
  if (event === undefined || event.isRedacted) return undefined;
  const { threadId, replaces, annotates, repliesTo } = relationsOf(event.content);
  const base = { sender: event.sender, threadId, saidBy: event.id };
  if (annotates !== undefined) {
    return { id: event.id, known: { ...base, kind: "reaction", text: bareEmoji(annotates.key), target: annotates.eventId } };
  }
  const isMessage = event.type === "m.room.message" || event.type === "m.sticker";
  if (!isMessage) return undefined;
  const content = replaces === undefined ? event.content : (fieldsOf(event.content["m.new_content"]) ?? {});
  const said = saidIn(event, content, repliesTo !== undefined || threadId !== undefined, { ...context, related: undefined });
  const text = said?.kind === "words" ? said.words.text : "";
  return { id: event.id, known: { ...base, kind: replaces === undefined ? "message" : "edit", text, target: replaces } };
}
