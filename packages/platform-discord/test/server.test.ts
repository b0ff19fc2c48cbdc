import {
  ButtonBuilder,
  ButtonStyle,
  Client,
  ActionRowBuilder,
  Events,
  GatewayIntentBits,
  Partials,
  type Interaction,
  type Message,
} from "discord.js";
import { describe, expect, test } from "vitest";
import { closeAfterEach, closing } from "./closing.ts";
import { readMarkdown, startDiscordServer, type DiscordServer } from "./server.ts";

closeAfterEach();

/** The vendor's own client, used as anybody would, on a server of its own. */
async function start() {
  const server = await startDiscordServer();
  closing.push(() => server.close());
  const { world } = server;
  const ada = world.addUser("Ada");
  const guild = world.addGuild("Club", [ada]);
  const general = world.addChannel(0, "general", { guild_id: guild.id });
  const client = await login(server);
  return { server, client, ada, guild, general, direct: world.direct(ada) };
}

async function login(server: DiscordServer, intents = 0): Promise<Client> {
  const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits;
  const client = new Client({
    intents: intents === 0 ? [Guilds, GuildMessages, DirectMessages, MessageContent] : intents,
    partials: [Partials.Channel],
    rest: { api: server.apiRoot, version: "10", retries: 0 },
  });
  closing.push(async () => {
    await client.destroy();
    client.rest.clearHashSweeper();
    client.rest.clearHandlerSweeper();
  });
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(server.token);
  await ready;
  return client;
}

const next = <Value>(client: Client, event: Events): Promise<Value> =>
  new Promise((resolve) => client.once(event as never, (value: Value) => resolve(value)));

describe("Discord on loopback, driven by discord.js,", () => {
  test("tells of messages, and takes replies, edits, reactions, typing and deletions", async () => {
    const { server, client, ada, general } = await start();
    const heard = next<Message>(client, Events.MessageCreate);
    const said = server.say(general, ada, "hello");
    const message = await heard;
    expect([message.content, message.author.id, message.channelId]).toEqual(["hello", ada.id, general.id]);
    if (!message.channel.isSendable()) return expect.unreachable("it is a text channel");
    await message.channel.sendTyping();
    const reply = await message.reply({ content: "**hi**", allowedMentions: { repliedUser: false } });
    expect(server.world.message(reply.id)).toMatchObject({
      content: "**hi**",
      message_reference: { message_id: said.id },
      pings: [],
    });
    await reply.edit("better");
    await reply.react("👍");
    expect(server.world.message(reply.id).content).toBe("better");
    expect([...server.world.message(reply.id).reactions.keys()]).toEqual(["👍"]);
    await reply.delete();
    expect(server.world.messages.has(reply.id)).toBe(false);
    expect(server.typings).toEqual([general.id]);
    expect(server.violations).toEqual([]);
  });

  test("tells of direct messages, and keeps files whose addresses expire", async () => {
    const { server, client, ada, direct } = await start();
    const heard = next<Message>(client, Events.MessageCreate);
    server.say(direct, ada, "look", { files: [server.file("tea.txt", "text/plain", new TextEncoder().encode("green"))] });
    const message = await heard;
    const attachment = message.attachments.first();
    expect(attachment).toMatchObject({ name: "tea.txt", size: 5, contentType: "text/plain" });
    const url = attachment?.url ?? "";
    expect(await (await fetch(url)).text()).toBe("green");
    expect((await fetch(url.replace("hm=", "hm=0"))).status).toBe(404);
    if (!message.channel.isSendable()) return expect.unreachable("it is a direct chat");
    const sent = await message.channel.send({ files: [{ attachment: Buffer.from("black"), name: "black.txt" }] });
    expect(server.world.message(sent.id).files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])).toEqual([
      ["black.txt", "black"],
    ]);
  });

  test("resumes a session after close code 4000, and tells what was missed", async () => {
    const { server, client, ada, general } = await start();
    const resumed = next<unknown>(client, Events.ShardResume);
    const heard = next<Message>(client, Events.MessageCreate);
    server.gateway.close(4000);
    await server.until(() => server.gateway.open === 0);
    server.say(general, ada, "in between");
    expect((await heard).content).toBe("in between");
    await resumed;
    expect([server.gateway.count(2), server.gateway.count(6)]).toEqual([1, 1]);
  });

  test("keeps commands, and waits for answers to them and to buttons", async () => {
    const { server, client, ada, general } = await start();
    await client.application?.commands.set([{ name: "tea", description: "Makes tea" }]);
    expect(server.commands).toMatchObject([{ name: "tea" }]);
    client.on(Events.InteractionCreate, (interaction: Interaction) => {
      if (interaction.isChatInputCommand()) void interaction.deferReply().then(() => interaction.deleteReply());
      if (interaction.isButton()) void interaction.deferUpdate();
    });
    const command = server.interact(general, ada, 2, { id: "1", type: 1, name: "tea" });
    await server.until(() => command.isTakenBack);
    const channel = await client.channels.fetch(general.id);
    if (channel?.isSendable() !== true) return expect.unreachable("it is a text channel");
    const button = new ButtonBuilder().setCustomId("more").setLabel("More").setStyle(ButtonStyle.Primary);
    const sent = await channel.send({
      content: "tea",
      components: [new ActionRowBuilder<ButtonBuilder>().addComponents(button)],
    });
    const press = server.press(server.world.message(sent.id), "More", ada);
    await server.until(() => press.answer !== undefined);
    expect(press.answer).toMatchObject({ type: 6 });
  });

  test("refuses what Discord refuses, in its words", async () => {
    const { server, client, general } = await start();
    const channel = await client.channels.fetch(general.id);
    if (channel?.isSendable() !== true) return expect.unreachable("it is a text channel");
    await expect(channel.send("x".repeat(2001))).rejects.toThrow("Must be 2000 or fewer in length.");
    await expect(channel.send({ content: "  " })).rejects.toMatchObject({ code: 50_006 });
    await expect(channel.send({ files: [{ attachment: Buffer.alloc(10 * 1024 * 1024 + 1), name: "x" }] })).rejects.toMatchObject({
      code: 40_005,
    });
    general.lacks.add("send");
    await expect(channel.send("x")).rejects.toMatchObject({ code: 50_013, status: 403 });
    server.world.channels.delete(general.id);
    await expect(channel.send("x")).rejects.toMatchObject({ code: 10_003, status: 404 });
  });

  test("says 2000 emoji are 2000 characters, and drops a second message of one nonce", async () => {
    const { client, general, server } = await start();
    const channel = await client.channels.fetch(general.id);
    if (channel?.isSendable() !== true) return expect.unreachable("it is a text channel");
    await channel.send("😀".repeat(2000));
    const first = await channel.send({ content: "once", nonce: "the same", enforceNonce: true });
    const second = await channel.send({ content: "once", nonce: "the same", enforceNonce: true });
    expect(second.id).toBe(first.id);
    expect(server.world.in(general.id)).toHaveLength(2);
  });

  test("limits messages to one channel, and says when more may come", async () => {
    const { server, client, general } = await start();
    server.rates.isOn = true;
    client.rest.options.rejectOnRateLimit = () => true;
    const channel = await client.channels.fetch(general.id);
    if (channel?.isSendable() !== true) return expect.unreachable("it is a text channel");
    for (let count = 0; count < 5; count += 1) await channel.send("x");
    await expect(channel.send("x")).rejects.toMatchObject({ limit: 5, global: false });
  });

  test("shows nothing of what is said to who may not read it", async () => {
    const { server, ada, general } = await start();
    const { Guilds, GuildMessages } = GatewayIntentBits;
    const blind = await login(server, Guilds | GuildMessages);
    const heard = next<Message>(blind, Events.MessageCreate);
    server.say(general, ada, "a secret");
    expect((await heard).content).toBe("");
    server.gateway.mayReadMessages = false;
    await expect(login(server)).rejects.toThrow(/disallowed intents/iu);
  });

  test("lets in nobody with another token", async () => {
    const server = await startDiscordServer();
    closing.push(() => server.close());
    const answer = await fetch(`${server.apiRoot}/v10/users/@me`, { headers: { authorization: "Bot FAKE" } });
    expect([answer.status, await answer.json()]).toEqual([401, { message: "401: Unauthorized", code: 0 }]);
  });
});

test.each([
  ["plain", "plain"],
  [String.raw`\*not\* \_this\_ \<@1001000000000000042>`, "*not* _this_ <@1001000000000000042>"],
  ["**bold** *it* ~~no~~ ||boo|| `a*b`", "bold it no boo a*b"],
  ["[tea](https://tea.example) https://tea.example/a_b_c", "tea https://tea.example/a_b_c"],
  ["# Tea\n- one\n> said", "Tea\n• one\nsaid"],
  ["```ts\nconst a = `b`\n```", "const a = `b`"],
  ["<@1001000000000000042> :smile:", "[person 1001000000000000042] [emoji]"],
])("The server reads %j as Discord shows it", (source, shown) => {
  expect(readMarkdown(source)).toBe(shown);
});
