import {
  type Chat,
  type ChatRef,
  type Clock,
  type ConnectionOf,
  type MessageRef,
  type OutboundMessage,
  type PlatformEvent,
  type PlatformHost,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import type { Api } from "./api.ts";
import { capabilitiesIn, type capabilityTable } from "./capabilities.ts";
import { openAttachment } from "./connection/attachments.ts";
import { isPublished, menuOf } from "./connection/commands.ts";
import { editOf, payloadOf } from "./connection/messages.ts";
import { Reactions } from "./connection/reactions.ts";
import { checkedId, placeOfMessage, refusal } from "./connection/places.ts";
import { Threads } from "./connection/threads.ts";
import { isAnnouncement, takesThreads } from "./decode/channels.ts";
import type { Directory } from "./decode/directory.ts";
import type { Settling } from "./transport/settling.ts";

export type DiscordConnection = ConnectionOf<typeof capabilityTable>;

export interface ConnectionParts {
  readonly platform: string;
  readonly identity: DiscordConnection["identity"];
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: PlatformHost["logger"];
  readonly directory: Directory;
  readonly settling: Settling;
  readonly mediaHosts: readonly string[];
  /** The events of what was said in a channel or thread after a time, oldest first. */
  readonly history: (chat: Chat, sinceMs: number) => AsyncIterable<PlatformEvent>;
}

/** How many servers and channels are listed. */
const maxListedGuilds = 200;
const maxListedChats = 2000;

/** The outward half of a bot. */
export function openConnection(parts: ConnectionParts): DiscordConnection {
  const { platform, identity, api, clock, logger, directory, settling, mediaHosts } = parts;
  const threads = new Threads(parts);
  const over = new AbortController();
  const reactions = new Reactions({ platform, clock, over: over.signal });
  const capabilitiesFor = (chat: Chat) => capabilitiesIn(chat, directory.boostTier(chat.ref.chatId));

  return {
    identity,
    capabilitiesFor,
    async send(chat: Chat, message: OutboundMessage, options: SendOptions): Promise<Sent> {
      if (options.visibleTo !== undefined && chat.type !== "dm") {
        throw refusal(platform, "send", "a message for one person's eyes can only go to their direct chat");
      }
      const maxFileBytes = capabilitiesFor(chat).media.send.file ?? 0;
      const { place, ref } = await threads.target(chat);
      const payload = payloadOf(message, options, place, maxFileBytes, platform);
      const messageId = await api.createMessage(place, payload, message.files, options.signal);
      return [{ ...ref, messageId }];
    },
    async edit(ref: MessageRef, message: OutboundMessage, options: SendOptions) {
      const messageId = checkedId(ref.messageId, "the message's id", platform);
      await api.editMessage(placeOfMessage(ref), messageId, editOf(message, options, platform), options.signal);
    },
    async remove(ref: MessageRef) {
      await api.deleteMessage(placeOfMessage(ref), checkedId(ref.messageId, "the message's id", platform));
    },
    async setTyping(chat, { active }) {
      // It cannot be taken back; Discord forgets it after ten seconds.
      if (active) await api.sendTyping((await threads.target(chat)).place);
    },
    async react(ref: MessageRef, emoji: string, present: boolean) {
      const messageId = checkedId(ref.messageId, "the message's id", platform);
      if (!emoji.isWellFormed() || !/^[^\w\s:/]|^[#*0-9]\uFE0F?\u20E3$/u.test(emoji)) {
        throw refusal(
          platform,
          "react",
          `${emoji.slice(0, 32).toWellFormed()} is no emoji of Unicode; those of servers are not known here`,
        );
      }
      const place = placeOfMessage(ref);
      await reactions.inTurn(place.channelId, () => api.setReaction(place, messageId, emoji, present));
    },
    settleAction: async ({ interaction }, { notice }) => settling.settle(interaction, notice),
    async publishCommands(commands) {
      const { menu, leftOut } = menuOf(commands);
      if (leftOut.length > 0) {
        logger.info(`Discord's menu of commands cannot show ${leftOut.join(", ")}; they can be written all the same`);
      }
      if (!isPublished(menu, await api.getCommands())) await api.putCommands(menu);
    },
    openThread: (at: MessageRef | ChatRef, title: string) => threads.open(at, title),
    async openDirectMessage(userId) {
      const chatId = await api.openDirect(checkedId(userId, "the person's id", platform));
      return { ref: { platform, chatId }, type: "dm" };
    },
    async *catchUp(chat: Chat, since: string) {
      const sinceMs = Date.parse(since);
      if (Number.isNaN(sinceMs)) throw refusal(platform, "catch up", "expected a time");
      yield* parts.history(chat, sinceMs);
    },
    listChats: () => listChats(api, platform, directory),
    download: (attachment, options) =>
      openAttachment(attachment, options, { platform, api, mediaHosts, nowMs: () => clock.now() }),
    async disconnect() {
      over.abort();
      settling.close();
      api.close();
    },
  };
}

/** The channels of servers that people talk in. */
async function* listChats(api: Api, platform: string, directory: Directory): AsyncGenerator<Chat, void, undefined> {
  let after = "0";
  let guilds = 0;
  let chats = 0;
  for (;;) {
    const page = await api.listGuilds(after);
    for (const guild of page) {
      if ((guilds += 1) > maxListedGuilds) return;
      for (const channel of await api.listGuildChannels(guild.id)) {
        if (!takesThreads(channel.type)) continue;
        if ((chats += 1) > maxListedChats) return;
        directory.noteChannel(channel, guild.id);
        const name = channel.name === undefined || channel.name === null ? {} : { name: channel.name };
        yield { ref: { platform, chatId: channel.id }, type: isAnnouncement(channel.type) ? "channel" : "group", ...name };
      }
    }
    const last = page.at(-1);
    if (last === undefined || page.length < guildPageSize) return;
    after = last.id;
  }
}

/** "Max number of guilds to return (1-200)" (Get Current User Guilds). */
const guildPageSize = 200;
