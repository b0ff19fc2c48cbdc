import type { ChatType, Platform } from "@hermes/core";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createBot, type ChatBot } from "./bot.ts";
import { createChatWorld, type ChatWorld } from "./chat-platform.ts";
import type { BotMessage } from "./conversation.ts";
import { writeTranscript } from "./transcript.ts";
import { createUser, type ChatUser } from "./user.ts";

/** How a chat is; each has a default. */
export interface ChatOptions {
  /** Default `dm`. */
  readonly type?: ChatType;
  /** Default `chat-1`, `chat-2`, … */
  readonly chatId?: string;
  readonly name?: string;
}

/** A chat whose people say what the test says, and whose bot is yours. */
export interface ScriptedChat {
  /** For `createGateway({ platforms: [chat.platform] })`. */
  readonly platform: Platform;
  /** For `createGateway({ clock: chat.clock })`: then waiting costs no time. */
  readonly clock: FakeClock;
  readonly chatId: string;
  /** Somebody by that name, always the same; the name is the user id. `isBot`: another bot. */
  user(name: string, options?: { readonly isBot?: boolean }): ChatUser;
  /** What the bot says here; always the same, so that each message is looked at once. */
  bot(): ChatBot;
  /** Messages of the bot that stand here, oldest first. */
  readonly standing: readonly BotMessage[];
  /** Another chat on the same platform, with people of its own. */
  beside(options?: ChatOptions): ScriptedChat;
  /** Everything that happened here, for people to read. */
  transcript(): string;
}

/** A chat to talk to your bot in, without a network. `platformId` (default `chat`) is what access rules call the platform. */
export function createChat(
  options: ChatOptions & { readonly platformId?: string; readonly clock?: FakeClock } = {},
): ScriptedChat {
  const { platformId = "chat", clock = createFakeClock(), ...rest } = options;
  return openChat(createChatWorld(platformId), clock, rest);
}

function openChat(world: ChatWorld, clock: FakeClock, options: ChatOptions): ScriptedChat {
  const { type = "dm", chatId = `chat-${world.next()}`, name } = options;
  const chat = { ref: { platform: world.id, chatId }, type, ...(name === undefined ? {} : { name }) };
  const users = new Map<string, ChatUser>();
  const bot = createBot(world, chatId, clock);
  return {
    platform: world.platform,
    clock,
    chatId,
    user(userName, { isBot = false } = {}) {
      const user = users.get(userName) ?? createUser({ world, chat, clock }, userName, isBot);
      users.set(userName, user);
      return user;
    },
    bot: () => bot,
    get standing() {
      return world.standing.filter(({ ref, isRemoved }) => ref.chatId === chatId && !isRemoved);
    },
    beside: (other = {}) => openChat(world, clock, other),
    transcript: () => writeTranscript(world.happenings.get(chatId) ?? []),
  };
}
