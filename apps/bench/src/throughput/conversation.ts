import type { BotApiServer } from "../../loopback/bot-api.ts";

type ChatState = ReturnType<BotApiServer["world"]["add"]>;

/** One private chat with the bot: a person who says something, waits for the answer and says the next thing. */
export interface Conversation {
  readonly id: number;
  readonly state: ChatState;
  readonly said: string[];
  /** What has no answer yet. */
  waiting: { readonly text: string; readonly sinceMs: number } | undefined;
}

const firstChatId = 1_000_000;

export function openConversations(api: BotApiServer, count: number): readonly Conversation[] {
  return Array.from({ length: count }, (_, index) => {
    const id = firstChatId + index;
    const state = api.addChat({ id, type: "private", first_name: `Person ${index}` });
    return { id, state, said: [], waiting: undefined };
  });
}

/** The next thing that is said in a conversation, as the update a bot gets. */
export function sayNext(api: BotApiServer, conversation: Conversation, updateId: number): string {
  const { id, state, said } = conversation;
  const text = `This is message ${said.length + 1} of chat ${id}, and it wants to be answered`;
  said.push(text);
  conversation.waiting = { text, sinceMs: performance.now() };
  const from = { id, is_bot: false, first_name: `Person ${id - firstChatId}`, language_code: "en" };
  const message = api.world.store(state, { from, text } as Parameters<BotApiServer["world"]["store"]>[1]);
  return JSON.stringify({ update_id: updateId, message });
}

/** What a contender made of what was said, by what stands on the server. */
export interface Tally {
  readonly said: number;
  /** Said and never answered. */
  readonly lost: number;
  /** Answered more than once, or said by the bot though nobody had asked. */
  readonly surplus: number;
}

/** Compares what was said with what stands in the chats. */
export function tally(api: BotApiServer, conversations: readonly Conversation[]): Tally {
  let lost = 0;
  let surplus = 0;
  let total = 0;
  for (const { id, said } of conversations) {
    const answers = api.texts(id, "bot");
    const answered = new Set(answers);
    const wanted = new Set(said.map(answerTo));
    total += said.length;
    lost += wanted.difference(answered).size;
    surplus += answers.length - wanted.intersection(answered).size;
  }
  return { said: total, lost, surplus };
}

/** What an echo says. */
export function answerTo(text: string): string {
  return `echo: ${text}`;
}
