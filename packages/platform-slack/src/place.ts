import type { ChatType } from "@hermes/core";

/** A conversation of a workspace. */
export interface Channel {
  /** `T…`: the workspace whose token is used. */
  readonly team: string;
  /** `C…`, `G…` or `D…`. */
  readonly channel: string;
  readonly type: ChatType;
}

const chatIdPattern = /^([TE][A-Z0-9]{1,20})\/([CGD][A-Z0-9]{1,20})$/u;
const timestampPattern = /^\d{1,12}\.\d{6}$/u;

/** `T1/C2` as workspace and conversation; undefined for anything else. Channel ids repeat in shared channels, so both are named. */
export function parseChannel(chatId: string): Channel | undefined {
  const [, team, channel] = chatIdPattern.exec(chatId) ?? [];
  if (team === undefined || channel === undefined) return undefined;
  return { team, channel, type: typeOf(channel) };
}

/** What the first letter of a conversation's id says: every event has it, and not every event says more. */
export function typeOf(channel: string): ChatType {
  if (channel.startsWith("D")) return "dm";
  return channel.startsWith("G") ? "group" : "channel";
}

/** Whether this is the id of a message: seconds and a number that makes it unique. */
export function isTimestamp(value: unknown): value is string {
  return typeof value === "string" && timestampPattern.test(value);
}
