import type { Reply, Route, ServerCall } from "@hermes/testkit/server";
import { refuse } from "@hermes/testkit/server";
import { timeOf } from "../../src/decode/snowflakes.ts";
import type { DiscordServer } from "./discord-server.ts";
import { invalidForm, refused } from "./errors.ts";
import { checkComponents, checkedContent, filesOf, maxFileBytes, mentionsIn, repliedTo, type Body } from "./sending.ts";
import type { Channel, Lack, Message } from "./world.ts";

const hourMs = 60 * 60_000;
/** A nonce is known for a few minutes. */
const nonceMs = 5 * 60_000;

/** Messages, reactions, typing and threads: what is done in channels. */
export function channelRoutes(server: DiscordServer): readonly Route[] {
  const { world, shapes } = server;
  const channelOf = ({ parameters }: ServerCall, ...needs: readonly Lack[]): Channel => {
    const id = parameters["channel"] ?? "";
    if (!/^\d{17,20}$/u.test(id)) throw invalidForm("channel_id", "NUMBER_TYPE_COERCE", `Value "${id}" is not snowflake.`);
    const channel = world.channels.get(id);
    if (channel === undefined) throw refused(10_003);
    if (channel.lacks.has("view")) throw refused(50_001);
    for (const need of needs) if (channel.lacks.has(need)) throw refused(need === "direct" ? 50_007 : 50_013);
    return channel;
  };
  const messageOf = (call: ServerCall, channel: Channel): Message => {
    const message = world.messages.get(call.parameters["message"] ?? "");
    if (message?.channel_id !== channel.id) throw refused(10_008);
    return message;
  };
  const bodyOf = async (call: ServerCall): Promise<{ readonly body: Body; readonly form: FormData | undefined }> => {
    if (!(call.headers.get("content-type") ?? "").startsWith("multipart/form-data"))
      return { body: server.checked(call, call.json()) as Body, form: undefined };
    const form = await call.form();
    const payload = form.get("payload_json");
    return { body: server.checked(call, JSON.parse(typeof payload === "string" ? payload : "{}")) as Body, form };
  };

  const create = async (call: ServerCall): Promise<Reply> => {
    const channel = channelOf(call, "send", "direct");
    if (channel.type === 15 || channel.type === 4) throw refused(50_008);
    const { body, form } = await bodyOf(call);
    const headers = server.rates.take("messages", channel.id);
    const again = body.enforce_nonce === true ? known(body.nonce) : undefined;
    if (again !== undefined) return { headers, body: { ...shapes.message(again), nonce: again.nonce } };
    if (String(body.nonce ?? "").length > 25) throw invalidForm("nonce", "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.");
    checkComponents(body);
    const files = form === undefined ? [] : await filesOf(form, body, world);
    if (files.length > 10)
      throw refuse(400, { message: "Maximum number of attachments in a message reached (10)", code: 30_015 });
    if (files.some(({ bytes }) => bytes.length > maxFileBytes(channel, world))) throw refused(40_005);
    const content = checkedContent(body, files.length > 0 || (body.embeds ?? []).length > 0);
    const replied = repliedTo(body, channel, world);
    const mentions = mentionsIn(content, body, replied, world);
    const message = server.say(channel, world.bot, content, {
      files,
      type: replied === undefined ? 0 : 19,
      flags: (body.flags ?? 0) & ((1 << 12) | (1 << 2)),
      components: server.numbered(body.components ?? []),
      ...(replied === undefined ? {} : { message_reference: { type: 0, message_id: replied.id, channel_id: channel.id } }),
      mentions: mentions.users,
      mention_roles: mentions.roles,
      mention_everyone: mentions.everyone,
      pings: mentions.pings,
      ...(body.nonce === undefined ? {} : { nonce: body.nonce }),
    });
    return { headers, body: { ...shapes.message(message), ...(body.nonce === undefined ? {} : { nonce: body.nonce }) } };
  };
  const known = (nonce: string | number | undefined): Message | undefined =>
    [...world.messages.values()].find(
      (message) => nonce !== undefined && message.nonce === nonce && server.nowMs() - timeOf(message.id) < nonceMs,
    );

  const edit = async (call: ServerCall): Promise<Reply> => {
    const channel = channelOf(call);
    const message = messageOf(call, channel);
    if (message.author.id !== world.bot.id) throw refused(50_005);
    const headers = server.rates.take("messages", channel.id);
    const { body } = await bodyOf(call);
    checkComponents(body);
    message.edits += 1;
    if (server.nowMs() - timeOf(message.id) > hourMs && message.edits > server.editsOfOld) throw refused(30_046);
    if (body.content !== undefined) {
      message.content = checkedContent(body, message.files.length > 0);
      const mentions = mentionsIn(message.content, body, undefined, world);
      message.pings = mentions.pings;
      message.mentions = mentions.users;
      world.id();
      message.edited_timestamp = world.at;
    }
    if (body.components !== undefined) message.components = server.numbered(body.components);
    server.gateway.dispatch("MESSAGE_UPDATE", shapes.told(message));
    return { headers, body: shapes.message(message) };
  };

  const list = (call: ServerCall): Reply => {
    const channel = channelOf(call);
    if (channel.lacks.has("history")) return { body: [] };
    const limit = Number(call.url.searchParams.get("limit") ?? 50);
    if (!(limit >= 1 && limit <= 100))
      throw invalidForm("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.");
    const after = call.url.searchParams.get("after");
    const all = world.in(channel.id);
    const page = after === null ? all.slice(-limit) : all.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit);
    return { body: page.toReversed().map((message) => shapes.message(message)) };
  };

  const react =
    (present: boolean) =>
    (call: ServerCall): Reply => {
      const message = messageOf(call, channelOf(call));
      const emoji = call.parameters["emoji"] ?? "";
      if (!/^\p{RGI_Emoji}$/v.test(emoji) && !/^\w+:\d{17,20}$/u.test(emoji)) throw refused(10_014);
      const headers = server.rates.take("reactions", message.channel_id);
      const users = message.reactions.get(emoji) ?? new Set();
      if (present) message.reactions.set(emoji, users.add(world.bot.id));
      else users.delete(world.bot.id);
      if (users.size === 0) message.reactions.delete(emoji);
      const where = {
        user_id: world.bot.id,
        channel_id: message.channel_id,
        message_id: message.id,
        emoji: { id: null, name: emoji },
      };
      server.gateway.dispatch(
        present ? "MESSAGE_REACTION_ADD" : "MESSAGE_REACTION_REMOVE",
        server.inGuild(message.channel_id, where),
      );
      return { status: 204, headers };
    };

  const thread = (call: ServerCall): Reply => {
    const parent = channelOf(call, "threads");
    const body = server.checked(call, call.json()) as { readonly name?: string; readonly message?: Body; readonly type?: number };
    const name = body.name ?? "";
    if (Array.from(name).length < 1 || Array.from(name).length > 100) {
      throw invalidForm("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
    }
    if (parent.guild_id === undefined || parent.type === 11) throw refused(50_024);
    const from = call.parameters["message"] === undefined ? undefined : messageOf(call, parent);
    if (from !== undefined && world.channels.has(from.id)) throw refused(160_004);
    if (parent.type === 15 && body.message === undefined)
      throw invalidForm("message", "BASE_TYPE_REQUIRED", "This field is required");
    const made = world.addChannel(11, name, {
      parent_id: parent.id,
      guild_id: parent.guild_id,
      ...(from === undefined ? {} : { id: from.id }),
    });
    server.gateway.dispatch("THREAD_CREATE", { ...shapes.channel(made), newly_created: true });
    if (body.message !== undefined) server.say(made, world.bot, checkedContent(body.message, false), {});
    return { status: 201, body: shapes.channel(made) };
  };

  const at = "/api/v10/channels/:channel";
  const one = `${at}/messages/:message`;
  return [
    { method: "GET", path: at, operation: "getChannel", handle: (call) => ({ body: shapes.channel(channelOf(call)) }) },
    { method: "GET", path: `${at}/messages`, operation: "listMessages", handle: list },
    { method: "POST", path: `${at}/messages`, operation: "createMessage", maxBodyBytes: 110 * 1024 * 1024, handle: create },
    {
      method: "GET",
      path: one,
      operation: "getMessage",
      handle: (call) => ({ body: shapes.message(messageOf(call, channelOf(call, "history"))) }),
    },
    { method: "PATCH", path: one, operation: "editMessage", handle: edit },
    {
      method: "DELETE",
      path: one,
      operation: "deleteMessage",
      handle(call) {
        server.delete(messageOf(call, channelOf(call)));
        return { status: 204 };
      },
    },
    { method: "PUT", path: `${one}/reactions/:emoji/@me`, operation: "react", handle: react(true) },
    { method: "DELETE", path: `${one}/reactions/:emoji/@me`, operation: "unreact", handle: react(false) },
    {
      method: "POST",
      path: `${at}/typing`,
      operation: "typing",
      handle(call) {
        server.typings.push(channelOf(call, "send").id);
        return { status: 204 };
      },
    },
    { method: "POST", path: `${one}/threads`, operation: "startThread", handle: thread },
    { method: "POST", path: `${at}/threads`, operation: "startThread", handle: thread },
  ];
}
