import { parseBusyMode, type BusyMode } from "@hermes/runtime";
import type { Problem } from "./problem.ts";
import type { KeyValue } from "./read-key.ts";

/** What becomes of messages that come while their conversation is being answered. */
export interface BusySettings {
  readonly mode?: BusyMode;
  readonly acknowledge: boolean;
  /** By `platform:chat`. */
  readonly chats: ReadonlyMap<string, BusyMode>;
}

/** The settings out of their keys; `problems` names the chats that cannot be meant. */
export function readBusySettings(
  mode: string | undefined,
  acknowledge: boolean,
  chats: KeyValue<readonly string[]> | undefined,
): { readonly settings: BusySettings; readonly problems: readonly Problem[] } {
  const modes = new Map<string, BusyMode>();
  const problems: Problem[] = [];
  for (const entry of chats?.value ?? []) {
    const { chat, name } = /^(?<chat>[a-z0-9][a-z0-9_-]*:.+)=(?<name>[a-z]+)$/iu.exec(entry)?.groups ?? {};
    const chosen = name === undefined ? undefined : parseBusyMode(name);
    if (chat !== undefined && chosen !== undefined) modes.set(chat, chosen);
    else problems.push(notAChat(entry, chats));
  }
  const parsed = mode === undefined ? undefined : parseBusyMode(mode);
  return { settings: { acknowledge, chats: modes, ...(parsed === undefined ? {} : { mode: parsed }) }, problems };
}

function notAChat(entry: string, chats: KeyValue<readonly string[]> | undefined): Problem {
  return {
    key: "busy.chats",
    shown: JSON.stringify(entry),
    ...(chats === undefined ? {} : { source: chats.source }),
    message: "expected a chat and a mode",
    remedy: "Write `<platform>:<chat>=interrupt`, `=queue` or `=steer`, such as `telegram:-1001234567890=queue`.",
  };
}
