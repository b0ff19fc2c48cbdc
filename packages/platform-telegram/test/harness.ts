import type { Chat, MessageRef } from "@hermes/core";
import type { PlatformBench, PlatformHarness, Said } from "@hermes/testkit/conformance";
import type { Message } from "grammy/types";
import { manifest } from "../src/manifest.ts";
import { telegram } from "../src/telegram.ts";
import { failuresOf } from "./harness/failures.ts";
import { poisonFor } from "./harness/poison.ts";
import { standingIn } from "./harness/standing.ts";
import { secret, webhookOf } from "./harness/webhook.ts";
import { person, startBotApiServer, type BotApiServer } from "./server.ts";

const ada = person(42, "Ada", { username: "ada_lovelace" });
const members = { person: ada, bot: person(77, "Beep", { is_bot: true, username: "beep_bot" }) };
const groupId = -1_001_000_000_001;
const forumId = -1_001_000_000_002;
const topicId = 5;

/** Telegram's Bot API on loopback, as the conformance suite plays on it. */
export function telegramHarness(mode: "polling" | "webhook"): PlatformHarness {
  return {
    async start({ clock, doorUrl }) {
      const server = await startBotApiServer({ nowMs: () => clock.now() });
      server.addChat({ id: 42, type: "private", first_name: "Ada", username: "ada_lovelace" });
      server.addChat({ id: groupId, type: "supergroup", title: "Club" });
      const forum = server.addChat({ id: forumId, type: "supergroup", title: "Forum", is_forum: true });
      forum.topics.set(topicId, "open");
      // Message 1 of a forum says that it was made, and is its General topic.
      forum.nextMessageId = 2;
      const { token, apiRoot } = server;
      const options = { token, apiRoot, ...(mode === "webhook" ? { mode, webhook: { secret, url: doorUrl } } : {}) };
      return {
        ...benchOn(server, mode),
        create: () => telegram(options, { clock }),
        configuration: options,
        ...webhookOf(mode, doorUrl),
      };
    },
  };
}

function benchOn(server: BotApiServer, mode: "polling" | "webhook"): Omit<PlatformBench, "create"> {
  const found = ({ chatId, messageId }: MessageRef): Message => {
    const message = server.world.find(chatId).messages.get(Number(messageId));
    if (message === undefined) throw new Error(`No message ${messageId} stands in chat ${chatId}`);
    return message;
  };
  return {
    secrets: [server.token, secret],
    places: {
      direct: { chat: placeOf(42), written: "42" },
      group: { chat: placeOf(groupId), written: String(groupId) },
      thread: { chat: { ...placeOf(forumId, topicId), facts: { isForum: true } }, written: `${forumId}:${topicId}` },
    },
    people: {
      says: (said) => ({ ...said.in.ref, messageId: String(speak(server, said).message_id) }),
      edits: (ref, text) => void server.edit(found(ref), text),
      // The edit of a preview, a keyboard or a pin is told like any other: with the whole message.
      touches: (ref) => void server.edit(found(ref), found(ref).text ?? ""),
      reacts(ref, emoji) {
        const { chat, message_id } = found(ref);
        const change = { old_reaction: [], new_reaction: [{ type: "emoji", emoji }] };
        server.push({ message_reaction: { chat, message_id, user: ada, date: server.world.now(), ...change } });
      },
      presses(ref, label) {
        const message = found(ref);
        const button = message.reply_markup?.inline_keyboard.flat().find(({ text }) => text === label);
        if (button === undefined || !("callback_data" in button)) throw new Error(`There is no button ${label}`);
        server.press(message, button.callback_data, ada);
      },
    },
    standing: (chat) => standingIn(server, chat),
    failures: failuresOf(server),
    poison: poisonFor(server),
    pinging: ["@ada_lovelace", "[Ada](tg://user?id=42)", "**@ada_lovelace**", "- @ada_lovelace", "# [Ada](tg://user?id=42)"],
    mention: { markdown: "[Ada](tg://user?id=42)", userId: "42" },
    settledPresses: () => server.answeredCallbacks.length,
    async timePasses(durationMs) {
      await server.until(() => mode === "webhook" || server.updates.polling);
      server.updates.lapse(durationMs);
    },
    underWay: () => server.underWay,
    manifest,
    async close() {
      await server.close();
      if (server.violations.length > 0)
        throw new Error(`Calls do not fit the API's description: ${server.violations.join("; ")}`);
      if (server.repairs.length > 0) throw new Error(`Telegram had to mend the markup: ${server.repairs.join("; ")}`);
    },
  };
}

function placeOf(chatId: number, threadId?: number): Chat {
  const thread = threadId === undefined ? {} : { threadId: String(threadId) };
  return { ref: { platform: "telegram", chatId: String(chatId), ...thread }, type: chatId > 0 ? "dm" : "group" };
}

/** As what a client sends a file of a kind. */
const forms = { image: "photo", audio: "audio", voice: "voice", video: "video", sticker: "sticker", file: "document" } as const;

function speak(server: BotApiServer, { in: { ref }, text, by = "person", file }: Said): Message {
  const where = {
    chat: server.world.find(ref.chatId).chat,
    from: by === "ourselves" ? server.bot : members[by],
    ...(ref.threadId === undefined ? {} : { threadId: Number(ref.threadId) }),
  };
  return file === undefined
    ? server.say(text, where)
    : server.sayFile(forms[file.kind], file, { ...where, extra: file.kind === "sticker" ? {} : { caption: text } });
}
