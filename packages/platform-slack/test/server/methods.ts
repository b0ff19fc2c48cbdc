import { checkTables } from "./blocks.ts";
import {
  byBot,
  contentOf,
  markdownIn,
  ownMessage,
  paged,
  parsed,
  reactionOf,
  textOf,
  threadOf,
  within,
  maxText,
  type Fields,
} from "./fields.ts";
import { no } from "./refusal.ts";
import type { SlackServer } from "./slack-server.ts";
import { shown, type WorldBot } from "./world.ts";

type Method = { readonly scope?: string; readonly run: (fields: Fields, bot: WorldBot, server: SlackServer) => Fields };

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
