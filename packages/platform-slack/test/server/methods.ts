import { checkBlocks, checkTables } from "./blocks.ts";
import { no } from "./refusal.ts";
import type { SlackServer } from "./slack-server.ts";
import { shown, type WorldBot, type WorldChannel, type WorldMessage } from "./world.ts";

export type Fields = Readonly<Record<string, unknown>>;
type Method = { readonly scope?: string; readonly run: (fields: Fields, bot: WorldBot, server: SlackServer) => Fields };

const maxText = 40_000;
const maxMarkdown = 12_000;

/** Slack's methods, as far as an app like this one uses them. */
export const methods: Readonly<Record<string, Method>> = {
  "auth.test": {
    run: (_fields, bot, { url }) => ({
      url,
      team: bot.teamName,
      user: "hermes",
      team_id: bot.team,
      user_id: bot.userId,
      bot_id: bot.botId,
      is_enterprise_install: false,
    }),
  },
  "users.info": {
    scope: "users:read",
    run({ user }, _bot, { people }) {
      const name = people.get(textOf(user));
      if (name === undefined) throw no("user_not_found");
      return { user: { id: user, name: name.toLowerCase(), real_name: name, profile: { display_name: name } } };
    },
  },
  "chat.postMessage": {
    scope: "chat:write",
    run(fields, bot, server) {
      const channel = server.world.writable(bot, fields["channel"]);
      const content = contentOf(fields);
      const thread = threadOf(fields, channel);
      server.rates.take(`${bot.team}/${channel.id}`);
      const message = server.add(channel, {
        ...byBot(bot, server),
        ...content.fields,
        ...thread,
        metadata: parsed(fields["metadata"]),
      });
      return { channel: channel.id, ts: message.ts, message: shown(message), ...content.warning };
    },
  },
  "chat.postEphemeral": {
    scope: "chat:write",
    run(fields, bot, server) {
      const channel = server.world.writable(bot, fields["channel"]);
      const content = contentOf(fields);
      if (!channel.members.has(String(fields["user"]))) throw no("user_not_in_channel");
      const message = server.add(channel, {
        ...byBot(bot, server),
        ...content.fields,
        ...threadOf(fields, channel),
        ephemeralTo: String(fields["user"]),
      });
      return { message_ts: message.ts };
    },
  },
  "chat.update": {
    scope: "chat:write",
    run(fields, bot, server) {
      const channel = server.world.writable(bot, fields["channel"]);
      const message = ownMessage(fields["ts"], channel, bot, "cant_update_message");
      if (message.isStreaming === true) throw no("streaming_state_conflict");
      if (textOf(fields["text"]).length > 4000) throw no("msg_too_long");
      const { text, blocks } = contentOf(fields).fields;
      message.text = text;
      if (fields["metadata"] !== undefined) message.metadata = parsed(fields["metadata"]);
      if (blocks === undefined) delete message.blocks;
      else message.blocks = blocks;
      return { channel: channel.id, ts: message.ts, text: message.text, message: shown(message) };
    },
  },
  "chat.delete": {
    scope: "chat:write",
    run(fields, bot, server) {
      const channel = server.world.channelFor(bot, fields["channel"]);
      const message = ownMessage(fields["ts"], channel, bot, "cant_delete_message");
      channel.messages.delete(message.ts);
      return { channel: channel.id, ts: message.ts };
    },
  },
  "chat.startStream": {
    scope: "chat:write",
    run(fields, bot, server) {
      const channel = server.world.writable(bot, fields["channel"]);
      const thread = threadOf(fields, channel);
      if (thread.thread_ts === undefined)
        throw no("invalid_arguments", { response_metadata: { messages: ["[ERROR] missing required field: thread_ts"] } });
      if (!channel.id.startsWith("D")) {
        if (typeof fields["recipient_user_id"] !== "string") throw no("missing_recipient_user_id");
        if (typeof fields["recipient_team_id"] !== "string") throw no("missing_recipient_team_id");
      }
      server.streamsBegun += 1;
      const message = server.add(channel, { ...byBot(bot, server), text: markdownIn(fields, ""), ...thread });
      message.isStreaming = true;
      message.wasStreamed = true;
      return { channel: channel.id, ts: message.ts };
    },
  },
  "chat.appendStream": {
    scope: "chat:write",
    run(fields, bot, server) {
      const channel = server.world.writable(bot, fields["channel"]);
      const message = ownMessage(fields["ts"], channel, bot, "message_not_owned_by_app");
      if (message.isStreaming !== true) throw no("message_not_in_streaming_state");
      message.text += markdownIn(fields);
      return { channel: channel.id, ts: message.ts };
    },
  },
  "chat.stopStream": {
    scope: "chat:write",
    run(fields, bot, server) {
      const channel = server.world.writable(bot, fields["channel"]);
      const message = ownMessage(fields["ts"], channel, bot, "message_not_owned_by_app");
      if (message.isStreaming !== true) throw no("message_not_in_streaming_state");
      message.text += markdownIn(fields, "");
      checkTables(message.text);
      message.isStreaming = false;
      message.metadata = parsed(fields["metadata"]);
      return { channel: channel.id, ts: message.ts, message: shown(message) };
    },
  },
  "reactions.add": {
    scope: "reactions:write",
    run(fields, bot, { world }) {
      const users = reactionOf(fields, bot, world.channelFor(bot, fields["channel"]));
      if (users.has(bot.userId)) throw no("already_reacted");
      users.add(bot.userId);
      return {};
    },
  },
  "reactions.remove": {
    scope: "reactions:write",
    run(fields, bot, { world }) {
      const users = reactionOf(fields, bot, world.channelFor(bot, fields["channel"]));
      if (!users.delete(bot.userId)) throw no("no_reaction");
      return {};
    },
  },
  "conversations.open": {
    scope: "im:write",
    run(fields, bot, { world }) {
      const user = String(fields["users"]);
      const found = [...world.channels.values()].find(
        ({ id, team, members }) => team === bot.team && id.startsWith("D") && members.has(user),
      );
      if (found === undefined && !/^U[A-Z0-9]+$/u.test(user)) throw no("user_not_found");
      const channel = found ?? world.addChannel(bot.team, `D0${user}`, "", [user, bot.userId]);
      return { channel: { id: channel.id } };
    },
  },
  "users.conversations": {
    run(fields, bot, { world }) {
      const needed = {
        public_channel: "channels:read",
        private_channel: "groups:read",
        mpim: "mpim:read",
        im: "im:read",
      } as const;
      for (const [type, scope] of Object.entries(needed)) {
        if (textOf(fields["types"]).split(",").includes(type) && !bot.scopes.has(scope))
          throw no("missing_scope", { needed: scope });
      }
      const all = [...world.channels.values()].filter(
        ({ team, members, isArchived }) => team === bot.team && members.has(bot.userId) && !isArchived,
      );
      return paged(
        all.map(({ id, name }) => ({ id, name })),
        fields,
        "channels",
      );
    },
  },
  "conversations.history": {
    scope: "channels:history",
    run(fields, bot, { world }) {
      const all = [...world.channelFor(bot, fields["channel"]).messages.values()]
        .filter((message) => message.ephemeralTo === undefined)
        .filter(({ thread_ts: thread, ts }) => thread === undefined || thread === ts);
      return paged(within(all, fields).toReversed(), fields, "messages");
    },
  },
  "conversations.replies": {
    scope: "channels:history",
    run(fields, bot, { world }) {
      const { messages } = world.channelFor(bot, fields["channel"]);
      const root = String(fields["ts"]);
      const above = messages.get(root);
      if (above === undefined) throw no("thread_not_found");
      const answers = [...messages.values()].filter(({ thread_ts: thread, ts }) => thread === root && ts !== root);
      // What the thread hangs on is told whatever times were asked for.
      return paged([shown(above), ...within(answers, fields)], fields, "messages");
    },
  },
  "files.getUploadURLExternal": {
    scope: "files:write",
    run(fields, _bot, server) {
      const length = Number(fields["length"]);
      if (!Number.isInteger(length) || length < 1) throw no("invalid_arguments");
      return server.files.announce(String(fields["filename"]), length, server.url);
    },
  },
  "files.completeUploadExternal": {
    scope: "files:write",
    run(fields, bot, server) {
      const given = parsed(fields["files"]) as readonly { readonly id: string; readonly title?: string }[];
      const files = given.map(({ id, title }) => server.files.complete(id, title, server.url, bot.team));
      if (fields["channel_id"] === undefined) return { files: files.map(({ id, title }) => ({ id, title })) };
      const channel = server.world.writable(bot, fields["channel_id"]);
      const thread = threadOf(fields, channel);
      const text = textOf(fields["initial_comment"]).slice(0, maxText);
      const message = server.add(channel, { ...byBot(bot, server), text, ...thread, subtype: "file_share", files });
      for (const { id } of files) server.files.share(id, channel.id, message.ts);
      // Where it is shown becomes known a moment later (files.info).
      return { files: files.map(({ id, title }) => ({ id, title })) };
    },
  },
  "files.info": {
    scope: "files:read",
    run: (fields, _bot, server) => ({ file: server.files.info(String(fields["file"])) }),
  },
  "files.delete": {
    scope: "files:write",
    run(fields, bot, server) {
      const { id } = server.files.info(String(fields["file"]));
      for (const { team, messages } of server.world.channels.values()) {
        if (team !== bot.team) continue;
        for (const { ts, files } of messages.values()) if (files?.some((file) => file["id"] === id) === true) messages.delete(ts);
      }
      return {};
    },
  },
  "assistant.threads.setStatus": {
    scope: "assistant:write",
    run(fields, bot, server) {
      server.world.channelFor(bot, fields["channel_id"]);
      server.statuses.push({
        channel: String(fields["channel_id"]),
        thread: String(fields["thread_ts"]),
        status: String(fields["status"]),
      });
      return {};
    },
  },
  "assistant.threads.setSuggestedPrompts": {
    scope: "assistant:write",
    run(fields, _bot, server) {
      server.prompts.push(parsed(fields["prompts"]));
      return {};
    },
  },
};

function contentOf(fields: Fields): {
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

function markdownIn(fields: Fields, without?: string): string {
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

function threadOf(fields: Fields, channel: WorldChannel): { thread_ts?: string; parent_user_id?: string } {
  if (fields["thread_ts"] === undefined) return {};
  const thread = textOf(fields["thread_ts"]);
  if (!/^\d+\.\d{6}$/u.test(thread)) throw no("invalid_thread_ts");
  const root = channel.messages.get(thread);
  if (root === undefined) throw no("thread_not_found");
  root.thread_ts = root.ts;
  return { thread_ts: root.ts, parent_user_id: root.user };
}

function byBot(bot: WorldBot, { world }: SlackServer): Pick<WorldMessage, "user" | "bot_id" | "app_id"> {
  return { user: bot.userId, bot_id: bot.botId, app_id: world.appId };
}

function ownMessage(ts: unknown, channel: WorldChannel, bot: WorldBot, refusal: string): WorldMessage {
  const message = channel.messages.get(String(ts));
  if (message === undefined) throw no("message_not_found");
  if (message.user !== bot.userId) throw no(refusal);
  return message;
}

function reactionOf(fields: Fields, _bot: WorldBot, channel: WorldChannel): Set<string> {
  const message = channel.messages.get(String(fields["timestamp"]));
  if (message === undefined) throw no("message_not_found");
  const name = String(fields["name"]);
  if (!/^[\w+'-]+(?:::skin-tone-[2-6])?$/u.test(name)) throw no("invalid_name");
  const users = message.reactions.get(name) ?? new Set<string>();
  message.reactions.set(name, users);
  return users;
}

function within(messages: readonly WorldMessage[], fields: Fields): readonly Fields[] {
  const [oldest, latest] = [Number(fields["oldest"] ?? 0), Number(fields["latest"] ?? Infinity)];
  const withMetadata = String(fields["include_all_metadata"]) === "true";
  return messages.filter(({ ts }) => Number(ts) >= oldest && Number(ts) <= latest).map((message) => shown(message, withMetadata));
}

function paged(all: readonly Fields[], fields: Fields, name: string): Fields {
  const start = Number(fields["cursor"] ?? 0);
  const end = start + Number(fields["limit"] ?? 100);
  return { [name]: all.slice(start, end), response_metadata: { next_cursor: end < all.length ? String(end) : "" } };
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw no("invalid_arguments");
  }
}
