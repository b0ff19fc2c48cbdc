import type { Chat } from "./address.ts";

declare const brand: unique symbol;

/** Names one conversation. Only `buildSessionKey` makes one. */
export type SessionKey = string & { readonly [brand]: "SessionKey" };

/** Where a conversation takes place. A platform's place names its instance id, so two bots of one kind never mix. */
export type SessionPlace =
  | { readonly kind: "chat"; readonly chat: Pick<Chat, "ref" | "type">; readonly userId?: string }
  /** A platform told nothing but its chat type. */
  | { readonly kind: "unknown"; readonly platform: string; readonly chatType: Chat["type"] }
  /** A request that names no session: each is its own. */
  | { readonly kind: "request"; readonly platform: string; readonly id: string }
  | { readonly kind: "background"; readonly id: string }
  | { readonly kind: "cron"; readonly job: string; readonly run: string };

export interface SessionKeyOptions {
  /** The agent's name. Default `main`. */
  readonly agent?: string;
  /** One session for everybody in a group or channel. Default false: one per person. */
  readonly shareGroups?: boolean;
  /** One session per person inside a thread. Default false: a thread is shared. */
  readonly splitThreads?: boolean;
}

/** `%` and `:` are the only characters that could forge a part; ordinary ids keep their look. */
function part(value: string): string {
  return value.replace(/[%:]/gu, (character) => (character === "%" ? "%25" : "%3A"));
}

/**
 * The only way to a session key. Two different places never share one.
 *
 * @throws TypeError when an id that must tell places apart is empty, or a platform is named like a place of the gateway's own.
 */
export function buildSessionKey(place: SessionPlace, options: SessionKeyOptions = {}): SessionKey {
  const parts = ["agent", required(options.agent ?? "main", "the agent's name"), ...placeParts(place, options)];
  return parts.map(part).join(":") as SessionKey;
}

/** The instance whose conversation a key names; undefined for the gateway's own tasks. */
export function platformOfSession(key: SessionKey): string | undefined {
  const name = partAt(key, 2);
  return reservedPlatforms.has(name) ? undefined : name;
}

/** The agent that a key names. */
export function agentOfSession(key: SessionKey): string {
  return partAt(key, 1);
}

/** The id of a background task that a key names; undefined for everything else. */
export function backgroundOfSession(key: SessionKey): string | undefined {
  return partAt(key, 2) === "background" ? partAt(key, 3) : undefined;
}

function partAt(key: SessionKey, index: number): string {
  return (key.split(":", index + 1)[index] ?? "").replaceAll("%3A", ":").replaceAll("%25", "%");
}

const reservedPlatforms: ReadonlySet<string> = new Set(["background", "cron"]);

function placeParts(place: SessionPlace, options: SessionKeyOptions): readonly string[] {
  switch (place.kind) {
    case "chat":
      return chatParts(place, options);
    case "unknown":
      return [platformName(place.platform), place.chatType];
    case "request":
      return [platformName(place.platform), "request", required(place.id, "the request's id")];
    case "background":
      return ["background", required(place.id, "the background task's id")];
    case "cron":
      return ["cron", required(place.job, "the job's id"), required(place.run, "the run's id")];
  }
}

function chatParts(place: Extract<SessionPlace, { kind: "chat" }>, options: SessionKeyOptions): readonly string[] {
  const { ref, type } = place.chat;
  const platform = platformName(ref.platform);
  const chatId = required(ref.chatId, "the chat's id");
  const threadId = ref.threadId === undefined ? [] : [required(ref.threadId, "the thread's id")];
  const userId = place.userId === undefined || place.userId === "" ? [] : [place.userId];
  if (type === "dm") return [platform, "dm", chatId, ...threadId];
  if (threadId.length > 0) return [platform, "thread", chatId, ...threadId, ...(options.splitThreads === true ? userId : [])];
  return [platform, "group", chatId, ...(options.shareGroups === true ? [] : userId)];
}

function platformName(platform: string): string {
  if (reservedPlatforms.has(platform)) {
    throw new TypeError(
      `A platform cannot be named \`${platform}\`: that place in the session key belongs to the gateway's own tasks`,
    );
  }
  return required(platform, "the platform's id");
}

function required(value: string, what: string): string {
  if (value === "")
    throw new TypeError(`Expected ${what} to be a non-empty string: without it two conversations could share one session`);
  return value;
}
