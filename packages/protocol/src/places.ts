import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { anyText, choice, flag } from "./shape.ts";

/** A chat, as far as people need to tell it from others. */
export interface Chat {
  readonly platform: string;
  readonly chatId: string;
  readonly threadId?: string;
  readonly type: "dm" | "group" | "channel";
  readonly name?: string;
}

/** A message that stands on its platform. */
export interface MessageRef {
  readonly platform: string;
  readonly chatId: string;
  readonly threadId?: string;
  readonly messageId: string;
}

/** Who said something. */
export interface Author {
  readonly id: string;
  readonly name?: string;
  readonly isBot: boolean;
}

const platform = needed(anyText, "the platform's id");
const chatId = needed(anyText, "the chat's id on its platform");
const threadId = optional(anyText, "the thread or topic");

export const chat: ObjectShape<Chat> = object<Chat>("Chat", {
  platform,
  chatId,
  threadId,
  type: needed(choice(["dm", "group", "channel"]), "what kind of place it is"),
  name: optional(anyText, "its title"),
});

export const messageRef: ObjectShape<MessageRef> = object<MessageRef>("MessageRef", {
  platform,
  chatId,
  threadId,
  messageId: needed(anyText, "the message's id on its platform"),
});

export const author: ObjectShape<Author> = object<Author>("Author", {
  id: needed(anyText, "the platform's stable id"),
  name: optional(anyText, "as shown there; people change it"),
  isBot: needed(flag, "whether it is a program"),
});
