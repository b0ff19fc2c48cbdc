import type { Message, UserFromGetMe } from "grammy/types";
import { badRequest, BotApiError } from "./bot-api-error.ts";
import { formatText } from "./formatted-text.ts";
import type { UpdateQueue } from "./update-queue.ts";
import type { Webhook } from "./webhook.ts";
import type { ChatState, World } from "./world.ts";

export type Payload = Readonly<Record<string, unknown>>;

/** What a method works on. */
export interface MethodContext {
  readonly bot: UserFromGetMe;
  readonly world: World;
  readonly updates: UpdateQueue;
  readonly webhook: Webhook;
  readonly repairs: string[];
  readonly answeredCallbacks: Payload[];
  readonly chatActions: Payload[];
  commands: unknown;
}

/** `signal` is aborted when the caller closes the connection. */
type Method = (payload: Payload, context: MethodContext, signal: AbortSignal) => unknown;

const deleteWindowSeconds = 48 * 60 * 60;
const actions: ReadonlySet<unknown> = new Set([
  "typing",
  "upload_photo",
  "record_video",
  "upload_video",
  "record_voice",
  "upload_voice",
  "upload_document",
  "choose_sticker",
  "find_location",
  "record_video_note",
  "upload_video_note",
]);

/** The methods this server knows, by lower-case name: Telegram's names are case-insensitive. */
export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["getme", (_payload, { bot }) => bot],
  ["getupdates", getUpdates],
  ["setwebhook", setWebhook],
  ["deletewebhook", deleteWebhook],
  ["getwebhookinfo", getWebhookInfo],
  ["sendmessage", sendMessage],
  ["editmessagetext", editMessageText],
  ["deletemessage", deleteMessage],
  ["sendchataction", sendChatAction],
  ["answercallbackquery", answerCallbackQuery],
  ["setmycommands", setMyCommands],
  ["getmycommands", (_payload, { commands }) => commands],
  ["getchat", (payload, { world }) => world.find(payload["chat_id"]).chat],
]);

function getUpdates(payload: Payload, context: MethodContext, signal: AbortSignal): unknown {
  if (context.webhook.url !== "") {
    throw new BotApiError(
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  const { offset, limit, timeout, allowed_updates: allowed } = payload;
  return context.updates.poll(
    {
      ...(offset === undefined ? {} : { offset: Number(offset) }),
      ...(limit === undefined ? {} : { limit: Number(limit) }),
      ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
      ...(Array.isArray(allowed) ? { allowedUpdates: allowed.map(String) } : {}),
    },
    signal,
  );
}

function setWebhook(payload: Payload, { webhook, updates }: MethodContext): true {
  const { url, secret_token: secret, allowed_updates: allowed, drop_pending_updates: drop } = payload;
  if (Array.isArray(allowed)) updates.allowed = allowed.map(String);
  if (drop === true) updates.pending.length = 0;
  webhook.set(typeof url === "string" ? url : "", typeof secret === "string" ? secret : undefined);
  return true;
}

function deleteWebhook(payload: Payload, { webhook, updates }: MethodContext): true {
  if (payload["drop_pending_updates"] === true) updates.pending.length = 0;
  webhook.set("", undefined);
  return true;
}

function getWebhookInfo(_payload: Payload, { webhook, updates }: MethodContext): unknown {
  return {
    url: webhook.url,
    has_custom_certificate: false,
    pending_update_count: updates.pending.length,
    ...(webhook.lastError === undefined ? {} : { last_error_message: webhook.lastError }),
    ...(updates.allowed.length === 0 ? {} : { allowed_updates: updates.allowed }),
  };
}

function sendMessage(payload: Payload, context: MethodContext): Message {
  const { world, bot } = context;
  const state = world.writable(payload["chat_id"], payload["message_thread_id"]);
  const formatted = formatText(payload["text"], payload["parse_mode"], payload["entities"]);
  const reply = repliedTo(payload["reply_parameters"], state, world);
  const threadId = payload["message_thread_id"];
  context.repairs.push(...formatted.repairs);
  return world.store(state, {
    from: me(bot),
    ...(threadId === undefined ? {} : { message_thread_id: Number(threadId), is_topic_message: true }),
    text: formatted.text,
    ...(formatted.entities.length === 0 ? {} : { entities: [...formatted.entities] }),
    ...(reply === undefined ? {} : { reply_to_message: reply }),
  } as Message);
}

/** The bot as messages name it: without what only `getMe` tells. */
function me(bot: UserFromGetMe): Message["from"] {
  return { id: bot.id, is_bot: true, first_name: bot.first_name, username: bot.username };
}

function repliedTo(value: unknown, state: ChatState, world: World): Message["reply_to_message"] {
  const parameters = value as Payload | undefined;
  if (parameters === undefined) return undefined;
  const source = parameters["chat_id"] === undefined ? state : world.find(parameters["chat_id"]);
  const message = source.messages.get(Number(parameters["message_id"]));
  if (message === undefined && parameters["allow_sending_without_reply"] !== true) {
    throw badRequest("message to be replied not found");
  }
  if (message === undefined) return undefined;
  const { reply_to_message: _nested, ...flat } = message;
  return flat as Message["reply_to_message"];
}

function editMessageText(payload: Payload, context: MethodContext): Message {
  const state = context.world.writable(payload["chat_id"]);
  const message = state.messages.get(Number(payload["message_id"]));
  if (message === undefined) throw badRequest("message to edit not found");
  if (message.from?.id !== context.bot.id) throw badRequest("message can't be edited");
  const formatted = formatText(payload["text"], payload["parse_mode"], payload["entities"]);
  if (message.text === formatted.text && JSON.stringify(message.entities ?? []) === JSON.stringify(formatted.entities)) {
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  }
  context.repairs.push(...formatted.repairs);
  const { entities: _old, ...rest } = message;
  const edited = {
    ...rest,
    text: formatted.text,
    ...(formatted.entities.length === 0 ? {} : { entities: [...formatted.entities] }),
    edit_date: context.world.now(),
  } as Message;
  state.messages.set(edited.message_id, edited);
  return edited;
}

function deleteMessage(payload: Payload, { world }: MethodContext): true {
  const state = world.writable(payload["chat_id"]);
  const message = state.messages.get(Number(payload["message_id"]));
  if (message === undefined) throw badRequest("message to delete not found");
  if (world.now() - message.date > deleteWindowSeconds) throw badRequest("message can't be deleted for everyone");
  state.messages.delete(message.message_id);
  return true;
}

function sendChatAction(payload: Payload, { world, chatActions }: MethodContext): true {
  // The General topic is named 1 here, although a message sent there must not name it.
  const threadId = payload["message_thread_id"];
  world.writable(payload["chat_id"], Number(threadId) === 1 ? undefined : threadId);
  if (!actions.has(payload["action"])) throw badRequest("wrong parameter action in request");
  chatActions.push(payload);
  return true;
}

function answerCallbackQuery(payload: Payload, { answeredCallbacks }: MethodContext): true {
  if (typeof payload["callback_query_id"] !== "string" || !/^[0-9]+$/u.test(payload["callback_query_id"])) {
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  }
  answeredCallbacks.push(payload);
  return true;
}

function setMyCommands(payload: Payload, context: MethodContext): true {
  const commands: unknown = payload["commands"];
  if (!Array.isArray(commands)) throw badRequest("object expected as commands");
  for (const { command } of commands as readonly { readonly command?: unknown }[]) {
    if (typeof command !== "string" || !/^[a-z0-9_]{1,32}$/u.test(command)) throw badRequest("BOT_COMMAND_INVALID");
  }
  context.commands = commands;
  return true;
}
