import { checkBlocks } from "./blocks.ts";
import { no } from "./refusal.ts";
import type { SlackServer } from "./slack-server.ts";
import { shown, type WorldBot, type WorldChannel, type WorldMessage } from "./world.ts";

/** What a method is called with. */
export type Fields = Readonly<Record<string, unknown>>;

/** "text" is cut beyond this (chat.postMessage). */
export const maxText = 40_000;
const maxMarkdown = 12_000;

/** What a message says: a text, blocks or Markdown, within their limits; a text that is too long is cut, with a warning, as Slack does. */
export function contentOf(fields: Fields): {
  readonly fields: { text: string; blocks?: ReturnType<typeof checkBlocks> };
  readonly warning: Fields;
} {
  const { text = "", blocks, markdown_text: markdown } = fields;
  if (markdown !== undefined) {
    if (text !== "" || blocks !== undefined) throw no("markdown_text_conflict");
    const said = markdownIn(fields);
    return { fields: { text: said, blocks: [{ type: "markdown", text: said }] }, warning: {} };
  }
  const checked = blocks === undefined ? {} : { blocks: checkBlocks(parsed(blocks)) };
  if (typeof text !== "string" || (text.trim() === "" && blocks === undefined)) throw no("no_text");
  if (text.length <= maxText) return { fields: { text, ...checked }, warning: {} };
  const warning = { warning: "message_truncated", response_metadata: { warnings: ["message_truncated"] } };
  return { fields: { text: text.slice(0, maxText), ...checked }, warning };
}

/** The Markdown of a call; `without`: what stands for none. */
export function markdownIn(fields: Fields, without?: string): string {
  const { markdown_text: given, chunks } = fields;
  const pieces = chunks === undefined ? [] : (parsed(chunks) as readonly { readonly type: string; readonly text?: string }[]);
  const streamed = pieces.map(({ text = "" }) => text).join("");
  const text = typeof given === "string" ? given : chunks === undefined ? without : streamed;
  if (text === undefined) throw no("no_text");
  if (text.length > maxMarkdown) throw no("msg_too_long");
  return text;
}

/** A field that is a text; everything else is none. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The thread a message goes to. */
export function threadOf(fields: Fields, channel: WorldChannel): { thread_ts?: string; parent_user_id?: string } {
  if (fields["thread_ts"] === undefined) return {};
  const thread = textOf(fields["thread_ts"]);
  if (!/^\d+\.\d{6}$/u.test(thread)) throw no("invalid_thread_ts");
  const root = channel.messages.get(thread);
  if (root === undefined) throw no("thread_not_found");
  root.thread_ts = root.ts;
  return { thread_ts: root.ts, parent_user_id: root.user };
}

/** Who writes: the app. */
export function byBot(bot: WorldBot, { world }: SlackServer): Pick<WorldMessage, "user" | "bot_id" | "app_id"> {
  return { user: bot.userId, bot_id: bot.botId, app_id: world.appId };
}

/** A message of the app's own; throws `refusal` for somebody else's. */
export function ownMessage(ts: unknown, channel: WorldChannel, bot: WorldBot, refusal: string): WorldMessage {
  const message = channel.messages.get(String(ts));
  if (message === undefined) throw no("message_not_found");
  if (message.user !== bot.userId) throw no(refusal);
  return message;
}

/** Who reacted to a message with an emoji so far. */
export function reactionOf(fields: Fields, _bot: WorldBot, channel: WorldChannel): Set<string> {
  const message = channel.messages.get(String(fields["timestamp"]));
  if (message === undefined) throw no("message_not_found");
  const name = String(fields["name"]);
  if (!/^[\w+'-]+(?:::skin-tone-[2-6])?$/u.test(name)) throw no("invalid_name");
  const users = message.reactions.get(name) ?? new Set<string>();
  message.reactions.set(name, users);
  return users;
}

/** The messages between two times. */
export function within(messages: readonly WorldMessage[], fields: Fields): readonly Fields[] {
  const [oldest, latest] = [Number(fields["oldest"] ?? 0), Number(fields["latest"] ?? Infinity)];
  const withMetadata = String(fields["include_all_metadata"]) === "true";
  return messages.filter(({ ts }) => Number(ts) >= oldest && Number(ts) <= latest).map((message) => shown(message, withMetadata));
}

/** One page of a list, and where the next one begins. */
export function paged(all: readonly Fields[], fields: Fields, name: string): Fields {
  const start = Number(fields["cursor"] ?? 0);
  const end = start + Number(fields["limit"] ?? 100);
  return { [name]: all.slice(start, end), response_metadata: { next_cursor: end < all.length ? String(end) : "" } };
}

/** A field that is JSON, where it came as a text. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw no("invalid_arguments");
  }
}
