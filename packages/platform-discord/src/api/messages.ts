import type { OutboundFile } from "@hermes/core";
import { z } from "zod";
import { snowflake } from "../decode/channels.ts";
import type { Calls } from "./calls.ts";
import { failureOf } from "./failure.ts";
import { inPlace, named, type Place } from "./place.ts";

/** A message as Create Message and Edit Message take it. */
export interface MessagePayload {
  readonly content?: string;
  readonly nonce?: string;
  readonly enforce_nonce?: true;
  readonly flags?: number;
  readonly message_reference?: { readonly message_id: string; readonly fail_if_not_exists: false };
  readonly allowed_mentions: { readonly parse: readonly []; readonly users: readonly string[]; readonly replied_user: false };
  readonly components?: readonly object[];
  readonly attachments?: readonly { readonly id: string; readonly filename: string }[];
}

/** Showing messages, and changing what stands there. Each throws a `PlatformError` and nothing else. */
export interface MessageCalls {
  /** Resolves with the message's id. */
  createMessage(place: Place, payload: MessagePayload, files: readonly OutboundFile[], signal: AbortSignal): Promise<string>;
  editMessage(place: Place, messageId: string, payload: MessagePayload, signal: AbortSignal): Promise<void>;
  deleteMessage(place: Place, messageId: string): Promise<void>;
  setReaction(place: Place, messageId: string, emoji: string, present: boolean): Promise<void>;
  sendTyping(place: Place): Promise<void>;
}

const created = z.object({ id: snowflake });

export function messageCalls({ request, platform }: Calls): MessageCalls {
  return {
    async createMessage(place, payload, files, signal) {
      const what = files.length === 0 ? `send to ${named(place)}` : `send ${files.length} files to ${named(place)}`;
      const path = `/channels/${place.channelId}/messages` as const;
      const answer = await inPlace(place, what, () => request(what, { method: "POST", path, body: payload, files, signal }));
      const message = created.safeParse(answer).data;
      if (message === undefined) throw failureOf({ kind: "unavailable" }, what, "the answer names no message", platform);
      return message.id;
    },
    async editMessage(place, messageId, payload, signal) {
      const what = `edit a message in ${named(place)}`;
      const path = `/channels/${place.channelId}/messages/${messageId}` as const;
      await inPlace(place, what, () => request(what, { method: "PATCH", path, body: payload, signal }));
    },
    async deleteMessage(place, messageId) {
      const what = `remove a message in ${named(place)}`;
      const path = `/channels/${place.channelId}/messages/${messageId}` as const;
      await inPlace(place, what, () => request(what, { method: "DELETE", path }));
    },
    async setReaction(place, messageId, emoji, present) {
      const what = `react in ${named(place)}`;
      const path = `/channels/${place.channelId}/messages/${messageId}/reactions/${encodeURIComponent(emoji)}/@me` as const;
      await inPlace(place, what, () => request(what, { method: present ? "PUT" : "DELETE", path }));
    },
    async sendTyping(place) {
      const what = `show typing in ${named(place)}`;
      await inPlace(place, what, () => request(what, { method: "POST", path: `/channels/${place.channelId}/typing` }));
    },
  };
}
