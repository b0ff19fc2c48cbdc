import type { Message } from "grammy/types";
import { badRequest } from "../bot-api-error.ts";
import { formatText } from "../formatted-text.ts";
import { readKeyboard } from "../keyboard.ts";
import { readRichMessage } from "../rich-message.ts";
import { destinationOf, post, type Invocation, type MethodContext, type Payload } from "./context.ts";

const deleteWindowSeconds = 48 * 60 * 60;

export function sendMessage(invocation: Invocation): Message {
  const { payload, context } = invocation;
  const destination = destinationOf(invocation);
  return post(context, destination, textOf(payload, context));
}

export function sendRichMessage(invocation: Invocation): Message {
  return post(invocation.context, destinationOf(invocation), richOf(invocation.payload));
}

export function sendRichMessageDraft({ payload, context }: Invocation): true {
  return putDraft({ payload, context }, richOf(payload));
}

/** What is kept of a rich message: a paragraph for each line that a reader sees. */
function richOf(payload: Payload): Payload {
  const { text, isRightToLeft } = readRichMessage(payload["rich_message"]);
  const blocks = text.split("\n").map((line) => ({ type: "paragraph", text: line }));
  return { rich_message: { blocks, ...(isRightToLeft ? { is_rtl: true } : {}) } };
}

/** A draft: "a temporary 30-second preview", in private chats alone. */
export function sendMessageDraft({ payload, context }: Invocation): true {
  const empty = payload["text"] === undefined || payload["text"] === "";
  // "Pass an empty text to show a "Thinking…" placeholder" (sendMessageDraft).
  return putDraft({ payload, context }, empty ? { text: "" } : textOf(payload, context));
}

const draftLifeMs = 30_000;

export function putDraft({ payload, context }: Pick<Invocation, "payload" | "context">, content: Payload): true {
  const state = context.world.writable(payload["chat_id"]);
  if (state.chat.type !== "private") throw badRequest("TEXTDRAFT_PEER_INVALID");
  const draftId = Number(payload["draft_id"]);
  if (!Number.isInteger(draftId) || draftId === 0) throw badRequest("draft_id must be non-zero");
  context.rates.take(state.chat.id, context.nowMs());
  state.drafts.set(draftId, { content, canStop: payload["can_stop"] === true, untilMs: context.nowMs() + draftLifeMs });
  return true;
}

/** @throws BotApiError where the bot has no such message, or may not change it. */
export function ownMessage({ payload, context }: Invocation): {
  readonly message: Message;
  readonly replace: (content: Payload) => Message;
} {
  const state = context.world.writable(payload["chat_id"]);
  const message = state.messages.get(Number(payload["message_id"]));
  if (message === undefined) throw badRequest("message to edit not found");
  if (message.from?.id !== context.bot.id) throw badRequest("message can't be edited");
  const replace = (content: Payload): Message => {
    const { reply_markup: _old, edit_date: _before, ...rest } = message as Message & { reply_markup?: unknown };
    const keyboard = readKeyboard(payload["reply_markup"]);
    const edited = { ...without(rest, content), ...content, ...(keyboard === undefined ? {} : { reply_markup: keyboard }) };
    if (isSame(edited, message)) {
      throw badRequest(
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
      );
    }
    context.rates.take(state.chat.id, context.nowMs());
    const stored = { ...edited, edit_date: context.world.now() } as unknown as Message;
    state.messages.set(message.message_id, stored);
    return stored;
  };
  return { message, replace };
}

const contents = new Set(["text", "entities", "rich_message", "caption", "caption_entities"]);

/** What stands in a message is replaced whole; a keyboard alone leaves it. */
function without(message: Payload, content: Payload): Payload {
  if (Object.keys(content).length === 0) return message;
  return Object.fromEntries(Object.entries(message).filter(([key]) => !contents.has(key)));
}

function isSame(left: Payload, right: object): boolean {
  const { edit_date: _date, ...rest } = right as Payload;
  const sorted = (value: Payload): string => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(left) === sorted(rest);
}

export function editMessageText(invocation: Invocation): Message {
  const { message, replace } = ownMessage(invocation);
  if (message.text === undefined && !("rich_message" in message)) throw badRequest("there is no text in the message to edit");
  const { payload, context } = invocation;
  return replace(payload["rich_message"] === undefined ? textOf(payload, context) : richOf(payload));
}

export function editMessageCaption(invocation: Invocation): Message {
  const { payload, context } = invocation;
  const { message, replace } = ownMessage(invocation);
  if (message.text !== undefined || "rich_message" in message) throw badRequest("there is no caption in the message to edit");
  // An empty caption still counts as content: it takes away the one that stands there.
  return replace({ caption: "", ...captionOf(payload, context) });
}

export function editMessageReplyMarkup(invocation: Invocation): Message {
  return ownMessage(invocation).replace({});
}

export function deleteMessage({ payload, context }: Invocation): true {
  const state = context.world.writable(payload["chat_id"]);
  const message = state.messages.get(Number(payload["message_id"]));
  if (message === undefined) throw badRequest("message to delete not found");
  if (context.world.now() - message.date > deleteWindowSeconds) throw badRequest("message can't be deleted for everyone");
  state.messages.delete(message.message_id);
  return true;
}

function textOf(payload: Payload, context: MethodContext): Payload {
  const { text, entities, repairs } = formatText(payload["text"], payload["parse_mode"], payload["entities"]);
  context.repairs.push(...repairs);
  return { text, ...(entities.length === 0 ? {} : { entities: [...entities] }) };
}

/** "0-1024 characters after entities parsing" (caption). */
const maxCaptionLength = 1024;

/** The caption's fields, or none. */
export function captionOf(payload: Payload, context: Pick<MethodContext, "repairs">): Payload {
  const caption = payload["caption"];
  if (caption === undefined || caption === "") return {};
  const { text, entities, repairs } = formatText(caption, payload["parse_mode"], payload["caption_entities"]);
  if (text.length > maxCaptionLength) throw badRequest("message caption is too long");
  context.repairs.push(...repairs);
  return { caption: text, ...(entities.length === 0 ? {} : { caption_entities: [...entities] }) };
}
