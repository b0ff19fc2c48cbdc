import type { BotApiServer } from "../server.ts";

/** Updates that are numbered as they should be and make no sense otherwise. */
export function poisonFor(server: BotApiServer): Readonly<Record<string, () => void>> {
  const chat = { id: 42, type: "private", first_name: "Ada" };
  const from = { id: 42, is_bot: false, first_name: "Ada" };
  const message = { message_id: 900, date: 1, chat, from, text: "poison" };
  const updates: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "a message that is a text": { message: "poison" },
    "a message that is nothing": { message: null },
    "a message without a chat": { message: { ...message, chat: undefined } },
    "a message whose chat is a number": { message: { ...message, chat: 42 } },
    "a message of nobody": { message: { ...message, from: undefined } },
    "a message with a number for its text": { message: { ...message, text: 7 } },
    "a message of no time": { message: { ...message, date: "yesterday" } },
    "a message of the far future": { message: { ...message, date: 1e15 } },
    "a message with entities that are none": { message: { ...message, entities: { 0: "bold" } } },
    "an edit without a message": { edited_message: [] },
    "a press of nobody": { callback_query: { id: "1", chat_instance: "1", data: "x" } },
    "a reaction to nothing": { message_reaction: { chat, user: from, date: 1, old_reaction: [], new_reaction: "👍" } },
  };
  return Object.fromEntries(Object.entries(updates).map(([name, update]) => [name, () => void server.push(update)]));
}
