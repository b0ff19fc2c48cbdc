import type { Chat } from "@hermes/core";
import type { PlatformBench, PlatformHarness, Said } from "@hermes/testkit/conformance";
import { discord } from "../src/discord.ts";
import { manifest } from "../src/manifest.ts";
import { failuresOf } from "./harness/failures.ts";
import { poisonFor } from "./harness/poison.ts";
import { standingIn } from "./harness/standing.ts";
import { startDiscordServer, type Channel, type DiscordServer, type Message, type User } from "./server.ts";

/** What the suite plays on: Discord with a person, another bot, a server with a channel and a thread. */
interface Town {
  readonly server: DiscordServer;
  readonly ada: User;
  readonly beep: User;
  readonly direct: Channel;
  readonly general: Channel;
  readonly thread: Channel;
}

/** Discord on loopback, as the conformance suite plays on it. */
export const discordHarness: PlatformHarness = {
  async start({ clock }) {
    const server = await startDiscordServer({ nowMs: () => clock.now() });
    const { world } = server;
    const ada = world.addUser("Ada");
    const beep = world.addUser("Beep", { bot: true });
    const guild = world.addGuild("Club", [ada, beep]);
    const general = world.addChannel(0, "general", { guild_id: guild.id });
    const thread = world.addChannel(11, "a thread", { guild_id: guild.id, parent_id: general.id });
    const town = { server, ada, beep, direct: world.direct(ada), general, thread };
    const { token, apiRoot } = server;
    const options = { token, apiRoot, mediaHosts: [server.mediaHost] };
    return { ...benchOn(town), create: () => discord(options, { clock, random: () => 0.5 }), configuration: options };
  },
};

function benchOn(town: Town): Omit<PlatformBench, "create"> {
  const { server, ada, direct, general, thread } = town;
  const { world } = server;
  return {
    secrets: [server.token],
    places: {
      direct: { chat: { ref: { platform: "discord", chatId: direct.id }, type: "dm" }, written: direct.id },
      group: { chat: { ref: { platform: "discord", chatId: general.id }, type: "group" }, written: `<#${general.id}>` },
      thread: {
        chat: { ref: { platform: "discord", chatId: general.id, threadId: thread.id }, type: "group" },
        written: `${general.id}:${thread.id}`,
      },
    },
    people: {
      says: (said) => ({ ...said.in.ref, messageId: speak(town, said).id }),
      edits: ({ messageId }, text) => server.edit(world.message(messageId), text),
      // What a link leads to is shown a moment later; nothing says that this is all that changed.
      touches({ messageId }) {
        const message = world.message(messageId);
        message.embeds = [{ type: "link", title: "A preview" }];
        server.gateway.dispatch("MESSAGE_UPDATE", server.shapes.told(message));
        server.edit(message, message.content);
      },
      deletes: ({ messageId }) => server.delete(world.message(messageId)),
      reacts({ messageId }, emoji) {
        const { channel_id: channelId } = world.message(messageId);
        const reaction = { user_id: ada.id, channel_id: channelId, message_id: messageId, emoji: { id: null, name: emoji } };
        server.gateway.dispatch("MESSAGE_REACTION_ADD", server.inGuild(channelId, reaction));
      },
      presses: ({ messageId }, label) => void server.press(world.message(messageId), label, ada),
    },
    standing: ({ ref }: Chat) => standingIn(server, ref.threadId ?? ref.chatId),
    failures: failuresOf(server),
    poison: poisonFor(server, direct.id),
    // The session is resumed, or its history read: nothing has to be done for it.
    redeliver: () => undefined,
    pinging: ["@everyone", "@here", `<@&${general.guild_id}>`, `**<@${ada.id}>**`, `- <@!${ada.id}>`],
    mention: { markdown: `<@${ada.id}>`, userId: ada.id },
    settledPresses: () => server.interactions.filter(({ answer }) => answer !== undefined).length,
    listening: () => server.until(() => server.gateway.connected > 0, "a session began"),
    underWay: () => server.http.underWay + server.gateway.open,
    manifest,
    async close() {
      await server.close();
      if (server.violations.length > 0) throw new Error(`It does not fit the API's description: ${server.violations.join("; ")}`);
      if (server.http.failures.length > 0) throw new Error(`The server failed: ${String(server.http.failures[0])}`);
    },
  };
}

function speak({ server, ada, beep }: Town, { in: { ref }, text, by = "person", file }: Said): Message {
  const channel = server.world.channel(ref.threadId ?? ref.chatId);
  const author = by === "person" ? ada : by === "bot" ? beep : server.world.bot;
  if (file === undefined) return server.say(channel, author, text);
  const stored = server.file(file.name, file.mimeType, file.bytes);
  if (file.kind === "sticker") {
    server.world.files.set(stored.id, stored);
    return server.say(channel, author, text, { extra: { sticker_items: [{ id: stored.id, name: "wave", format_type: 1 }] } });
  }
  return server.say(channel, author, text, { files: [stored], flags: file.kind === "voice" ? 1 << 13 : 0 });
}
