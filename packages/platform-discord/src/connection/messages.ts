import { hash } from "node:crypto";
import { codePointLength, PlatformError, type OutboundMessage, type SendOptions } from "@hermes/core";
import { fileNameFor } from "@hermes/http";
import type { MessagePayload } from "../api/messages.ts";
import type { Place } from "../api/place.ts";
import { capabilityTable } from "../capabilities.ts";
import { isSnowflake } from "../decode/snowflakes.ts";
import { encode, isBlank } from "../encode.ts";
import { rowsOf } from "./buttons.ts";
import { placeOfMessage, refusal } from "./places.ts";

/** "This message will not trigger push and desktop notifications" (Message Flags). */
const suppressNotifications = 1 << 12;
/** "up to 25 characters" (Create Message). */
const nonceLength = 25;

/** Whom a message may ping: `allowed_mentions` holds whatever the text says, an empty `parse` is nobody. At most a hundred. */
function allowedMentions(mentions: readonly string[]): MessagePayload["allowed_mentions"] {
  const users = [...new Set(mentions.filter(isSnowflake))].slice(0, 100);
  return { parse: [], users, replied_user: false };
}

/** A message to be sent. @throws PlatformError `invalid` or `too-long` for what Discord would not take; then nothing was sent. */
export function payloadOf(
  { texts, files, actions }: OutboundMessage,
  options: SendOptions,
  place: Place,
  maxFileBytes: number,
  platform: string,
): MessagePayload {
  const [markdown = "", ...more] = texts;
  if (more.length > 0) throw refusal(platform, "send", `expected one text, got ${texts.length}`);
  const content = encode(markdown, options.mentions);
  if (isBlank(content) && files.length === 0) throw refusal(platform, "send", "the text is empty");
  const { max } = capabilityTable.media.album;
  if (files.length > max) throw refusal(platform, "send", `a message has at most ${max} files, got ${files.length}`);
  const large = files.find(({ sizeBytes }) => sizeBytes > maxFileBytes);
  if (large !== undefined) throw tooLong(platform, `a file has ${large.sizeBytes} bytes, Discord takes ${maxFileBytes} there`);
  const quoted = options.quote;
  // A message can only answer one of the same channel.
  const isHere = quoted !== undefined && placeOfMessage(quoted).channelId === place.channelId;
  return {
    ...contentOf(content, platform),
    nonce: hash("sha256", options.idempotencyKey, "base64url").slice(0, nonceLength),
    enforce_nonce: true,
    ...(options.silent === true ? { flags: suppressNotifications } : {}),
    ...(isHere ? { message_reference: { message_id: quoted.messageId, fail_if_not_exists: false } } : {}),
    allowed_mentions: allowedMentions(options.mentions),
    ...componentsOf(actions, platform),
    ...(files.length === 0
      ? {}
      : { attachments: files.map((file, index) => ({ id: String(index), filename: fileNameFor(file) })) }),
  };
}

/** A message that is to stand in place of another; its files stay, its buttons are those given. */
export function editOf({ texts, files, actions }: OutboundMessage, { mentions }: SendOptions, platform: string): MessagePayload {
  const [markdown, ...more] = texts;
  if (files.length > 0) throw refusal(platform, "edit", "the files of a message that stands there stay as they are");
  if (more.length > 0) throw refusal(platform, "edit", `expected one text, got ${texts.length}`);
  const components = rowsOf(actions, platform);
  if (markdown === undefined) return { allowed_mentions: allowedMentions(mentions), components };
  const content = encode(markdown, mentions);
  if (isBlank(content)) throw refusal(platform, "edit", "the text is empty");
  return { ...contentOf(content, platform), allowed_mentions: allowedMentions(mentions), components };
}

function contentOf(content: string, platform: string): { readonly content?: string } {
  const length = codePointLength(content);
  const { maxLength } = capabilityTable.text;
  if (length > maxLength) throw tooLong(platform, `the text has ${length} characters, Discord takes ${maxLength}`);
  return isBlank(content) ? {} : { content };
}

function componentsOf(actions: OutboundMessage["actions"], platform: string): { readonly components?: readonly object[] } {
  const components = rowsOf(actions, platform);
  return components.length === 0 ? {} : { components };
}

function tooLong(platform: string, why: string): PlatformError {
  return new PlatformError({ platform, failure: { kind: "too-long" }, message: `Cannot send: ${why}` });
}
