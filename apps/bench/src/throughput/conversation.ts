import type { BotApiServer } from "../../loopback/bot-api.ts";

type ChatState = ReturnType<BotApiServer["world"]["add"]>;
type Message = ReturnType<BotApiServer["world"]["store"]>;

/** Where people talk to the bot: each alone with it, or each in a group, answering something the bot said there. */
export type Place = "direct" | "group";

/** One chat with the bot: a person who says something, waits for the answer and says the next thing. */
export interface Conversation {
  readonly id: number;
  readonly person: { readonly id: number; readonly is_bot: false; readonly first_name: string };
  readonly state: ChatState;
  /** What the bot had said before: in a group, who answers it is heard. */
  readonly opening: Message | undefined;
  readonly said: string[];
  /** What has no answer yet. */
  waiting: { readonly text: string; readonly sinceMs: number } | undefined;
}

const firstPersonId = 1_000_000;

export function openConversations(api: BotApiServer, count: number, place: Place): readonly Conversation[] {
  return Array.from({ length: count }, (_, index): Conversation => {
    const person = { id: firstPersonId + index, is_bot: false, first_name: `Person ${index}` } as const;
    if (place === "direct") {
      const state = api.addChat({ id: person.id, type: "private", first_name: person.first_name });
      return { id: person.id, person, state, opening: undefined, said: [], waiting: undefined };
    }
    const id = -1_000_000_000_000 - index;
    const state = api.addChat({ id, type: "supergroup", title: `Group ${index}` });
    const { bot } = api;
    const opening = store(api, state, {
      from: { id: bot.id, is_bot: true, first_name: bot.first_name, username: bot.username },
      text: "Ask me",
    });
    return { id, person, state, opening, said: [], waiting: undefined };
  });
}

/** The next thing that is said in a conversation, as the update a bot gets. */
export function sayNext(api: BotApiServer, conversation: Conversation, updateId: number): string {
  const { id, person, state, opening, said } = conversation;
  const text = `This is message ${said.length + 1} of chat ${id}, and it wants to be answered`;
  said.push(text);
  conversation.waiting = { text, sinceMs: performance.now() };
  const message = store(api, state, { from: person, text, ...(opening === undefined ? {} : { reply_to_message: opening }) });
  return JSON.stringify({ update_id: updateId, message });
}

function store(api: BotApiServer, state: ChatState, content: Readonly<Record<string, unknown>>): Message {
  return api.world.store(state, content);
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
  for (const { id, said, opening } of conversations) {
    const answers = api.texts(id, "bot").slice(opening === undefined ? 0 : 1);
    const answered = new Set(answers);
    const found = said.filter((text) => answered.has(answerTo(text))).length;
    total += said.length;
    lost += said.length - found;
    surplus += answers.length - found;
  }
  return { said: total, lost, surplus };
}

/** What an echo says. */
export function answerTo(text: string): string {
  return `echo: ${text}`;
}
