import type { Chat, MessageRef, Platform } from "@hermes/core";
import type { PlatformBench, PlatformHarness, StandingMessage } from "../../src/cases.ts";
import { pigeon, type PigeonOptions } from "./pigeon.ts";
import { hookSecret, pushHeaders, startPigeonServer, token, type PigeonServer } from "./server.ts";
import { bot, type PigeonMessage } from "./world.ts";

const direct: Chat = { ref: { platform: "pigeon", chatId: "ada" }, type: "dm" };
const group: Chat = { ref: { platform: "pigeon", chatId: "club" }, type: "group" };
const thread: Chat = { ref: { platform: "pigeon", chatId: "club", threadId: "tea" }, type: "group" };
const authors = { person: { id: "ada", bot: false }, bot: { id: "other-bot", bot: true }, ourselves: bot } as const;

/** The harness of the good platform; `spoil` makes it a bad one. */
export function pigeonHarness(
  mode: PigeonOptions["mode"],
  spoil: { readonly platform?: (platform: Platform) => Platform; readonly bench?: (bench: PlatformBench) => PlatformBench } = {},
): PlatformHarness {
  return {
    async start({ clock, doorUrl }) {
      const started = await startPigeonServer(doorUrl);
      for (const { ref, type } of [direct, group]) {
        started.world.chats.set(ref.chatId, { type: type === "dm" ? "dm" : "group", threads: new Set(["tea"]), muted: false });
      }
      const good = (): Platform => pigeon({ root: started.server.url, token, mode, clock });
      const create = (): Platform => spoil.platform?.(good()) ?? good();
      const bench = createBench(started, create, mode);
      return spoil.bench?.(bench) ?? bench;
    },
  };
}

function createBench(started: PigeonServer, create: () => Platform, mode: PigeonOptions["mode"]): PlatformBench {
  const { world, server } = started;
  const refOf = (message: PigeonMessage): MessageRef => ({
    platform: "pigeon",
    chatId: message.chat,
    ...(message.thread === undefined ? {} : { threadId: message.thread }),
    messageId: message.id,
  });
  const tellOf = (type: string, { messageId }: MessageRef, more: Readonly<Record<string, unknown>> = {}): void =>
    world.tellOf(type, world.message(messageId), more);
  return {
    create,
    secrets: [token, hookSecret],
    places: {
      direct: { chat: direct, written: "ada" },
      group: { chat: group, written: "club" },
      thread: { chat: thread, written: "club/tea" },
    },
    people: {
      says({ in: { ref }, text, by = "person", file }) {
        const files = file === undefined ? [] : [{ ...file, id: world.id() }];
        const letter = { chat: ref.chatId, text, ...(ref.threadId === undefined ? {} : { thread: ref.threadId }) };
        const message = world.post(letter, authors[by], files);
        world.tellOf("message", message);
        return refOf(message);
      },
      edits(ref, text) {
        world.message(ref.messageId).text = text;
        tellOf("edit", ref, { textChanged: true });
      },
      touches: (ref) => tellOf("edit", ref, { textChanged: false }),
      deletes: (ref) => tellOf("delete", ref),
      reacts: (ref, emoji) => tellOf("reaction", ref, { emoji, author: authors.person }),
      presses(ref, label) {
        const press = world.id();
        world.presses.add(press);
        const button = world.message(ref.messageId).buttons.find((one) => one.label === label);
        tellOf("press", ref, { token: button?.token, press, author: authors.person });
      },
    },
    standing: ({ ref }) =>
      world.messages
        .filter(({ chat, thread }) => chat === ref.chatId && thread === ref.threadId)
        .map((message): StandingMessage => ({
          messageId: message.id,
          by: message.author.id === bot.id ? "bot" : "person",
          text: message.text,
          length: message.text.length,
          pings: message.pings,
          silent: message.silent,
          ...(message.quotes === undefined ? {} : { quotes: message.quotes }),
          files: message.files,
          buttons: message.buttons.map(({ label }) => label),
          reactions: message.reactions,
        })),
    failures: {
      "rate-limited": {
        retryAfterMs: 3000,
        arrange: () => server.fail("send", { type: "rate-limit", retryAfterSeconds: 3 }),
      },
      "not-found-chat": { arrange: () => void world.chats.delete("ada") },
      "not-found-thread": { arrange: () => void world.chat("club").threads.delete("tea") },
      "not-found-message": {
        arrange: ({ messageId }) => void world.messages.splice(world.messages.indexOf(world.message(messageId)), 1),
      },
      forbidden: { arrange: () => void (world.chat("ada").muted = true) },
      unauthorized: { arrange: () => server.fail("me", { type: "error", status: 401 }) },
      conflict: {
        arrange: async () =>
          void (await fetch(`${server.url}/updates?wait=0`, { headers: { authorization: `Bearer ${token}` } })),
      },
      invalid: { arrange: () => server.fail("send", { type: "error", status: 422, body: { code: "empty" } }) },
      "unavailable-not-done": { arrange: () => server.fail("send", { type: "error", status: 503 }) },
      "unavailable-maybe-done": { arrange: () => server.fail("send", { type: "drop", when: "after" }) },
      hang: { arrange: () => server.fail("send", { type: "hang", acted: true }) },
    },
    poison: {
      "a message that is a number": () => world.tell({ type: "message", message: 7 }),
      "a message without text": () => world.tell({ type: "message", message: { id: "x" } }),
      "an unknown kind": () => world.tell({ type: "hologram", message: { text: "", author: { id: "ada" } } }),
    },
    ...(mode === "polling" ? {} : { webhook: webhookOf(mode) }),
    pinging: ["@everyone", "@ada"],
    mention: { markdown: "@ada", userId: "ada" },
    settledPresses: () => world.settled,
    async timePasses() {
      await server.until(() => world.isAwaited, "a poll that waits");
      world.lapses += 1;
      server.changed();
    },
    underWay: () => server.underWay,
    manifest: {
      kind: "pigeon",
      capabilities: create().capabilities,
      parseUserId: (text) => (/^\w+$/u.test(text) ? text : undefined),
      parseTarget(text) {
        const found = /^(\w+)(?:\/(\w+))?$/u.exec(text);
        if (found === null) return undefined;
        const [, chatId = "", threadId] = found;
        return { chatId, ...(threadId === undefined ? {} : { threadId }), type: chatId === "ada" ? "dm" : "group" };
      },
    },
    close: () => started.close(),
  };
}

function webhookOf(mode: "webhook" | "signed"): NonNullable<PlatformBench["webhook"]> {
  const signed = mode === "signed";
  const name = signed ? "x-pigeon-signature" : "x-pigeon-secret";
  const right = Object.values(pushHeaders("another body", signed))[0] ?? "";
  let number = 5000;
  return {
    signed: signed ? "body" : "header",
    genuine(text) {
      number += 1;
      const message = { id: `g${number}`, chat: "ada", kind: "dm", author: { id: "ada", bot: false }, text, attachments: [] };
      const body = JSON.stringify({ number, type: "message", message });
      return new Request("http://127.0.0.1/", { method: "POST", body, headers: { ...pushHeaders(body, signed) } });
    },
    forged: {
      "no secret": {},
      "an empty secret": { [name]: "" },
      "a wrong secret": { [name]: "wrong" },
      "a secret that was cut": { [name]: right.slice(0, -1) },
      ...(signed ? { "the signature of another body": { [name]: right } } : {}),
    },
  };
}
