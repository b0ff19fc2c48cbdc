import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { chat, type Chat } from "./places.ts";
import { anyText, flag, listOf, text } from "./shape.ts";

/** A chat that something can be said in. */
export interface Channel {
  /** How it is written. */
  readonly target: string;
  readonly chat: Chat;
  /** What its platform alone means as a target. */
  readonly isHome: boolean;
}

/** Chats that are known: those a platform lists, and those that somebody has talked in. */
export interface ChannelList {
  readonly rows: readonly Channel[];
}

/** Which chats. */
export interface ChannelQuery {
  readonly platform?: string;
}

export const channelQuery: ObjectShape<ChannelQuery> = object<ChannelQuery>(
  "ChannelQuery",
  { platform: optional(text(), "only of this platform") },
  { unknown: "refused" },
);

export const channelList: ObjectShape<ChannelList> = object<ChannelList>("ChannelList", {
  rows: needed(
    listOf(
      object<Channel>("Channel", {
        target: needed(anyText, "how it is written as a target"),
        chat: needed(chat, "where it is"),
        isHome: needed(flag, "it is its platform's home channel: what the platform alone means as a target"),
      }),
    ),
    "by platform; its home channel first, then those with the newest messages",
  ),
});
