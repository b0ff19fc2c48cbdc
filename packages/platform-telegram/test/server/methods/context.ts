import type { Message, UserFromGetMe } from "grammy/types";
import { badRequest } from "../bot-api-error.ts";
import type { FileStore, UploadedFile } from "../file-store.ts";
import { readKeyboard } from "../keyboard.ts";
import type { Rates } from "../rates.ts";
import type { UpdateQueue } from "../update-queue.ts";
import type { Webhook } from "../webhook.ts";
import type { ChatState, World } from "../world.ts";

export type Payload = Readonly<Record<string, unknown>>;

/** A set of commands, by whom it is for. */
export type CommandLists = Map<string, readonly unknown[]>;

/** What a method works on. */
export interface MethodContext {
  readonly bot: UserFromGetMe;
  readonly world: World;
  readonly updates: UpdateQueue;
  readonly webhook: Webhook;
  readonly files: FileStore;
  readonly rates: Rates;
  readonly repairs: string[];
  readonly answeredCallbacks: Payload[];
  /** Ids of presses that may still be answered. */
  readonly openCallbacks: Set<string>;
  readonly chatActions: Payload[];
  readonly commandLists: CommandLists;
  readonly nowMs: () => number;
}

/** One call, as a method gets it. `signal` is aborted when the caller closes the connection. */
export interface Invocation {
  readonly payload: Payload;
  readonly uploads: ReadonlyMap<string, UploadedFile>;
  readonly context: MethodContext;
  readonly signal: AbortSignal;
}

export type Method = (invocation: Invocation) => unknown;

/** Where a new message goes, once it is sure that it may. */
export interface Destination {
  readonly state: ChatState;
  /** The fields that every message there has. */
  readonly fields: Payload;
  readonly isSilent: boolean;
}

/** @throws BotApiError where the bot may not write there, or not so much. */
export function destinationOf({ payload, context }: Invocation, messages = 1): Destination {
  const { world, rates, bot } = context;
  const threadId = payload["message_thread_id"];
  const state = world.writable(payload["chat_id"], threadId);
  const reply = repliedTo(payload["reply_parameters"], state, world);
  const keyboard = readKeyboard(payload["reply_markup"]);
  for (let count = 0; count < messages; count++) rates.take(state.chat.id, context.nowMs());
  const fields = {
    from: { id: bot.id, is_bot: true, first_name: bot.first_name, username: bot.username },
    ...(threadId === undefined ? {} : { message_thread_id: Number(threadId), is_topic_message: true }),
    ...(reply === undefined ? {} : { reply_to_message: reply }),
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  };
  return { state, fields, isSilent: payload["disable_notification"] === true };
}

/** Puts a message of the bot where it was sent; a draft that stood there is gone. */
export function post({ world }: MethodContext, { state, fields, isSilent }: Destination, content: Payload): Message {
  state.drafts.clear();
  const message = world.store(state, { ...fields, ...content });
  if (isSilent) state.silent.add(message.message_id);
  return message;
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
