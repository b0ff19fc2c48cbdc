import {
  answerCallbackQuery,
  createForumTopic,
  getMyCommands,
  sendChatAction,
  setMessageReaction,
  setMyCommands,
} from "./methods/chats.ts";
import type { Method } from "./methods/context.ts";
import { getFile, sendFile, sendMediaGroup } from "./methods/files.ts";
import {
  deleteMessage,
  editMessageCaption,
  editMessageReplyMarkup,
  editMessageText,
  sendMessage,
  sendMessageDraft,
  sendRichMessage,
  sendRichMessageDraft,
} from "./methods/texts.ts";
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from "./methods/updates.ts";

/** The methods this server knows, by lower-case name: Telegram's names are case-insensitive. */
export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["getme", ({ context }) => context.bot],
  ["getupdates", getUpdates],
  ["setwebhook", setWebhook],
  ["deletewebhook", deleteWebhook],
  ["getwebhookinfo", getWebhookInfo],
  ["sendmessage", sendMessage],
  ["sendmessagedraft", sendMessageDraft],
  ["sendrichmessage", sendRichMessage],
  ["sendrichmessagedraft", sendRichMessageDraft],
  ["editmessagetext", editMessageText],
  ["editmessagecaption", editMessageCaption],
  ["editmessagereplymarkup", editMessageReplyMarkup],
  ["deletemessage", deleteMessage],
  ["sendphoto", sendFile("photo")],
  ["senddocument", sendFile("document")],
  ["sendvoice", sendFile("voice")],
  ["sendvideo", sendFile("video")],
  ["sendaudio", sendFile("audio")],
  ["sendanimation", sendFile("animation")],
  ["sendsticker", sendFile("sticker")],
  ["sendmediagroup", sendMediaGroup],
  ["getfile", getFile],
  ["sendchataction", sendChatAction],
  ["setmessagereaction", setMessageReaction],
  ["answercallbackquery", answerCallbackQuery],
  ["setmycommands", setMyCommands],
  ["getmycommands", getMyCommands],
  ["createforumtopic", createForumTopic],
  ["getchat", ({ payload, context }) => context.world.find(payload["chat_id"]).chat],
]);
