import { hash } from "node:crypto";
import {
  keptPayload,
  payloadText,
  type Author,
  type Chat,
  type ChatRef,
  type OtherEvent,
  type PlatformEvent,
} from "@hermes/core";
import { typeOf } from "../place.ts";
import type { SlackEnvelope } from "./schemas.ts";

/** The bot in a workspace. */
export interface KnownBot {
  /** Unknown where nobody signed in yet, and the event does not say. */
  readonly userId: string | undefined;
  readonly botId: string | undefined;
}

/** Who decodes, and when. */
export interface DecodeContext {
  readonly platform: string;
  readonly nowMs: number;
  /** By the id of their workspace; empty before the first connect. */
  readonly bots: ReadonlyMap<string, KnownBot>;
  /** In channels, a mention begins a thread. */
  readonly replyInThread: boolean;
  /** The slash command that takes all others. */
  readonly commandName: string;
  /** What may be typed with `!`. */
  readonly commands: ReadonlySet<string>;
  /** A workspace could not be signed in to yet: what comes from one that is not known may be meant for the app. */
  readonly isIncomplete: boolean;
}

/** Which workspace an event is for, and who the bot is there. */
export interface Addressee {
  readonly team: string;
  readonly bot: KnownBot;
  /** There is a token for it. */
  readonly isOurs: boolean;
  readonly appId: string | undefined;
}

/** What whoever has it may use. */
const secretFields = ["token", "response_url", "trigger_id"] as const;

/** Names what has no id of its own: the same content has the same name. */
export function contentHash(text: string): string {
  return hash("sha256", text).slice(0, 32);
}

/** In a channel that workspaces share, the one that is authorized counts: `team_id` may be somebody else's. */
export function addresseeOf(envelope: SlackEnvelope, context: DecodeContext): Addressee {
  const { bots } = context;
  const authorization = envelope.authorizations?.[0];
  const candidates = [authorization?.team_id, envelope.team_id].filter((team) => typeof team === "string");
  const team = candidates.find((one) => bots.has(one)) ?? candidates[0] ?? "T0";
  const said = { userId: authorization?.user_id ?? undefined, botId: undefined };
  return {
    team,
    bot: bots.get(team) ?? said,
    isOurs: isOurs(team, context),
    appId: envelope.api_app_id ?? undefined,
  };
}

/** Whether there is, or may be, a token for a workspace. */
export function isOurs(team: string, { bots, isIncomplete }: DecodeContext): boolean {
  return bots.size === 0 || bots.has(team) || isIncomplete;
}

/** What every event from a conversation has. */
export function commonOf(place: {
  readonly chat: Chat;
  readonly author: Author;
  readonly eventId: string;
  readonly at: string;
  readonly messageId?: string;
}) {
  const { chat, author, eventId, at, messageId } = place;
  const message = messageId === undefined ? {} : { message: { ...chat.ref, messageId } };
  return { version: 1 as const, eventId, chat, origin: { ...message, author, lifetime: "durable" as const }, at };
}

export function chatOf(team: string, channel: string, threadId: string | undefined, { platform }: DecodeContext): Chat {
  const ref: ChatRef = { platform, chatId: `${team}/${channel}`, ...(threadId === undefined ? {} : { threadId }) };
  return { ref, type: typeOf(channel) };
}

export function personOf(id: string, name?: string | null): Author {
  const isBot = id.startsWith("B") || id === "USLACKBOT";
  return { id, ...(name === undefined || name === null || name === "" ? {} : { name }), isBot, assurance: "platform" };
}

/** A timestamp of Slack's as a date. */
export function dateOf(timestamp: string | undefined | null, fallbackMs: number): string {
  const seconds = Number(timestamp ?? Number.NaN);
  return new Date(Number.isFinite(seconds) && seconds < 1e11 ? Math.round(seconds * 1000) : fallbackMs).toISOString();
}

/** Something that is understood no further. Where it happened is taken from it as far as it can be read. */
export function otherEvent(name: string, content: unknown, eventId: string, team: string, context: DecodeContext): OtherEvent {
  const { channel, user } = (typeof content === "object" && content !== null ? content : {}) as Readonly<Record<string, unknown>>;
  const isPlace = typeof channel === "string" && /^[CGD][A-Z0-9]{1,20}$/u.test(channel);
  const isPerson = typeof user === "string" && /^[UWB][A-Z0-9]{1,20}$/u.test(user);
  const chat: Chat = isPlace
    ? chatOf(team, channel, undefined, context)
    : { ref: { platform: context.platform, chatId: team }, type: "channel" };
  const common = commonOf({
    chat,
    author: personOf(isPerson ? user : "unknown"),
    eventId,
    at: new Date(context.nowMs).toISOString(),
  });
  return { ...common, type: "other", name, payload: keptPayload(content, secretFields) };
}

export function undecodable(name: string, content: unknown, context: DecodeContext, id?: unknown): readonly PlatformEvent[] {
  const known = typeof id === "string" && /^\w{1,100}$/u.test(id) ? id : contentHash(payloadText(content, secretFields));
  return [{ ...otherEvent(name, content, `undecodable:${known}`, "T0", context), undecodable: true }];
}
