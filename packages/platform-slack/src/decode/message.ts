import type { Author, Chat, CommandEvent, MessageEvent, PlatformEvent } from "@hermes/core";
import { attachmentsOf } from "./attachments.ts";
import { chatOf, commonOf, dateOf, otherEvent, personOf, type Addressee, type DecodeContext } from "./context.ts";
import { changedSchema, deletedSchema, messageEventSchema, type SlackMessage } from "./schemas.ts";
import { lacksFiles, spokenOf } from "./spoken.ts";
import { isForOthers, mentions, readText, withoutMention } from "./text.ts";

/** Which subtypes are somebody speaking; the rest are notes of Slack's own (joined, renamed, pinned …). */
const spoken: ReadonlySet<string> = new Set(["file_share", "me_message", "thread_broadcast", "bot_message"]);

/** undefined: not as Slack describes it. */
export function decodeMessage(
  event: unknown,
  to: Addressee,
  eventId: string,
  context: DecodeContext,
): readonly PlatformEvent[] | undefined {
  const { subtype } = event as { readonly subtype?: unknown };
  if (subtype === "message_changed") return decodeChange(event, to, eventId, context);
  if (subtype === "message_deleted") return decodeDeletion(event, to, eventId, context);
  const message = messageEventSchema.safeParse(event).data;
  if (message === undefined) return undefined;
  const other = (): readonly PlatformEvent[] => [
    otherEvent(
      typeof subtype === "string" ? subtype : (event as { readonly type: string }).type,
      event,
      eventId,
      to.team,
      context,
    ),
  ];
  if (typeof subtype === "string" && !spoken.has(subtype)) return other();
  // A mention that shows files and does not have them is told whole as `message`, and one that came by editing as what changed.
  const isMention = (event as { readonly type?: unknown }).type === "app_mention";
  if (isMention && (lacksFiles(message) || isEdited(message))) return other();
  if (isOwn(message, to)) return [];
  return spokenEvents(message, to, context) ?? other();
}

/** What somebody said; undefined: nothing that could be read. */
function spokenEvents(
  message: SlackMessage & { readonly channel: string },
  to: Addressee,
  context: DecodeContext,
  variant = "",
): readonly PlatformEvent[] | undefined {
  const author = authorOf(message);
  if (author === undefined) return undefined;
  const place = placeOf(message, message.channel, to, context);
  const said = spokenOf(message);
  const attachments = attachmentsOf(message.files ?? [], to.team);
  if (said === "" && attachments.length === 0) return undefined;
  const text = readText(to.bot.userId === undefined ? said : withoutMention(said, to.bot.userId));
  const common = commonOf({
    chat: place.chat,
    author,
    // A mention is told twice, as `message` and as `app_mention`: it is one event.
    eventId: `message:${place.chat.ref.chatId}/${message.ts}${variant}`,
    at: dateOf(message.ts, context.nowMs),
    messageId: message.ts,
  });
  const command = commandIn(text, context);
  if (command !== undefined && place.addressed) return [{ ...common, type: "command", ...command }];
  // Whether somebody means the bot in a thread without naming it the gateway knows: then it reads the command.
  const isTyped = command !== undefined && place.chat.ref.threadId !== undefined && !place.forOthers;
  return [
    {
      ...common,
      type: "message",
      messageId: message.ts,
      text: isTyped ? `/${command.name} ${command.arguments}`.trim() : text,
      addressed: place.addressed,
      ...(place.forOthers ? { forOthers: true } : {}),
      attachments,
      ...replyOf(message, place.chat, to),
    },
  ];
}

function isEdited({ edited }: SlackMessage): boolean {
  return edited !== undefined && edited !== null;
}

interface Place {
  readonly chat: Chat;
  readonly addressed: boolean;
  /** Somebody else is named, and the bot is not. */
  readonly forOthers: boolean;
}

function placeOf(message: SlackMessage, channel: string, to: Addressee, context: DecodeContext): Place {
  const { ts, text, thread_ts: root, parent_user_id: parent } = message;
  const { userId } = to.bot;
  const isDirect = channel.startsWith("D");
  const isMentioned = userId !== undefined && mentions(text ?? "", userId);
  const thread = root !== undefined && root !== null && root !== ts ? root : undefined;
  const forOthers = !isDirect && isForOthers(text ?? "", userId);
  const isBelowBot = thread !== undefined && userId !== undefined && parent === userId;
  // Who turns to somebody else in a thread does not mean the bot.
  const addressed = isDirect || isMentioned || (isBelowBot && !forOthers);
  // The thread that the answer will begin: so the conversation is the same from its first message on.
  const begun = addressed && !isDirect && context.replyInThread ? ts : undefined;
  return { chat: chatOf(to.team, channel, thread ?? begun, context), addressed, forOthers };
}

function isOwn({ user, bot_id: botId, app_id: appId }: SlackMessage, { bot, appId: ownApp }: Addressee): boolean {
  if (bot.userId !== undefined && user === bot.userId) return true;
  if (bot.botId !== undefined && botId === bot.botId) return true;
  // Before anybody signed in, the app is known all the same.
  return ownApp !== undefined && appId === ownApp && typeof botId === "string";
}

function authorOf(message: SlackMessage): Author | undefined {
  const { user, bot_id: botId, username, bot_profile: bot, user_profile: profile, subtype } = message;
  const id = user ?? botId;
  if (id === undefined || id === null) return undefined;
  const name = profile?.display_name || profile?.real_name || bot?.name || username;
  const person = personOf(id, name);
  return { ...person, isBot: person.isBot || typeof botId === "string" || subtype === "bot_message" };
}

/** Slash commands do not work in threads: there `!status` stands for `/status`, if there is such a command. */
function commandIn(text: string, { commands }: DecodeContext): Pick<CommandEvent, "name" | "arguments"> | undefined {
  const [, name, rest = ""] = /^!([\w-]{1,64})(?:\s+([\s\S]*))?$/u.exec(text) ?? [];
  if (name === undefined || !commands.has(name.toLowerCase())) return undefined;
  return { name: name.toLowerCase(), arguments: rest.trim() };
}

function replyOf(
  { thread_ts: root, ts, parent_user_id: parent }: SlackMessage,
  chat: Chat,
  { bot }: Addressee,
): Pick<MessageEvent, "replyTo"> {
  if (root === undefined || root === null || root === ts || parent === undefined || parent === null) return {};
  return { replyTo: { message: { ...chat.ref, messageId: root }, ofBot: parent === bot.userId } };
}

function decodeChange(
  event: unknown,
  to: Addressee,
  eventId: string,
  context: DecodeContext,
): readonly PlatformEvent[] | undefined {
  const change = changedSchema.safeParse(event).data;
  if (change === undefined) return undefined;
  const { channel, message, previous_message: before, event_ts: changedAt } = change;
  const other = (): readonly PlatformEvent[] => [otherEvent("message_changed", event, eventId, to.team, context)];
  if (isOwn(message, to)) return [];
  // A deleted message with answers below it stays as a mark.
  if (message.subtype === "tombstone")
    return decodeGone({ channel, ts: message.ts, before, changedAt }, to, eventId, event, context);
  // Previews, files and the count of answers change a message as well. Only its author's editing does it with a date.
  if (!isEdited(message) || message.text === before?.text || before?.edited?.ts === message.edited?.ts) return other();
  const author = authorOf(message);
  if (author === undefined) return other();
  const { userId } = to.bot;
  const isNamed = (text: string | null | undefined): boolean => userId !== undefined && mentions(text ?? "", userId);
  const wasMeant = channel.startsWith("D") || (before?.parent_user_id ?? message.parent_user_id) === userId;
  // Whoever forgot to name the bot, and does it by editing, says it to the bot now.
  if (!wasMeant && before !== undefined && before !== null && !isNamed(before.text) && isNamed(message.text))
    return spokenEvents({ ...message, channel }, to, context, ":named") ?? other();
  // Whoever takes the mention out of a message changes what was said in the thread that it began.
  const { chat } = placeOf({ ...message, text: `${message.text ?? ""}\n${before?.text ?? ""}` }, channel, to, context);
  const said = spokenOf(message);
  const text = readText(to.bot.userId === undefined ? said : withoutMention(said, to.bot.userId));
  const at = message.edited?.ts ?? changedAt;
  const id = `edit:${chat.ref.chatId}/${message.ts}:${at}`;
  return [
    {
      ...commonOf({ chat, author, eventId: id, at: dateOf(at, context.nowMs), messageId: message.ts }),
      type: "edit",
      messageId: message.ts,
      text,
    },
  ];
}

function decodeDeletion(
  event: unknown,
  to: Addressee,
  eventId: string,
  context: DecodeContext,
): readonly PlatformEvent[] | undefined {
  const deletion = deletedSchema.safeParse(event).data;
  if (deletion === undefined) return undefined;
  const { channel, deleted_ts: ts, previous_message: before, event_ts: changedAt } = deletion;
  return decodeGone({ channel, ts, before, changedAt }, to, eventId, event, context);
}

interface Gone {
  readonly channel: string;
  readonly ts: string;
  readonly before: { readonly [Field in keyof SlackMessage]?: SlackMessage[Field] | undefined } | null | undefined;
  readonly changedAt: string | null | undefined;
}

function decodeGone(
  gone: Gone,
  to: Addressee,
  eventId: string,
  event: unknown,
  context: DecodeContext,
): readonly PlatformEvent[] {
  const { channel, ts, changedAt } = gone;
  const before = { ...gone.before, ts };
  if (isOwn(before, to)) return [];
  const author = authorOf(before);
  // Whose message it was decides whether anybody cares.
  if (author === undefined) return [otherEvent("message_deleted", event, eventId, to.team, context)];
  const { chat } = placeOf(before, channel, to, context);
  const id = `delete:${chat.ref.chatId}/${ts}`;
  return [
    {
      ...commonOf({ chat, author, eventId: id, at: dateOf(changedAt, context.nowMs), messageId: ts }),
      type: "delete",
      messageIds: [ts],
    },
  ];
}
