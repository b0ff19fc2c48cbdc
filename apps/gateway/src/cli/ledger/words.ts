import type { Author, Chat, DeliveryPart, DeliveryState, EventDetails, EventRecord, MessageRef } from "@hermes/protocol";

/** Where a delivery stands, in a sentence's words. */
export function deliveryWords(state: DeliveryState): string {
  switch (state) {
    case "running":
      return "its turn still runs; what is shown may be a beginning";
    case "queued":
      return "parts of it wait to be shown";
    case "sending":
      return "a call to the platform is in flight";
    case "parked":
      return "its chat cannot be reached; it is tried again later";
    case "sent":
      return "all of it is shown";
    case "unknown":
      return "a part of it may or may not stand there; nobody can tell";
    case "failed":
      return "a part of it was refused or given up";
    case "empty":
      return "there was nothing to say";
  }
}

/** Where a part of a delivery stands. */
export function partWords({ state, attempts, failure, marked }: DeliveryPart): string {
  const tries = attempts === 0 ? undefined : `${attempts} ${attempts === 1 ? "call" : "calls"} failed`;
  const repeated = marked ? "marked, since it may stand there twice" : undefined;
  return [stateWord(state), failure, tries, repeated].filter((word) => word !== undefined).join(", ");
}

function stateWord(state: DeliveryPart["state"]): string {
  switch (state) {
    case "queued":
      return "waits to be shown";
    case "sending":
      return "a call is in flight";
    case "sent":
      return "shown";
    case "unknown":
      return "may or may not stand there";
    case "failed":
      return "not shown";
  }
}

/** What was decided about an event, and why. */
export function ruleWords({ verdict, rule }: EventRecord): string {
  const why = reasons[rule] ?? (rule.startsWith("allow") ? "who wrote it is let in" : undefined);
  return `${verdictWord(verdict)} by \`${rule}\`${why === undefined ? "" : `: ${why}`}`;
}

const reasons: Readonly<Record<string, string | undefined>> = {
  "no-author": "the platform did not say who wrote it",
  bot: "another bot wrote it",
  "not-allowed": "nobody let in who wrote it; add their id to `access.allow`",
  "queue-full": "too many messages of this conversation were waiting",
  "not-addressed": "it was said among others, not to the bot",
  "not-actionable": "nothing acts on events of this kind",
  "owner-claim": "it carried the owner's one-time code",
  owner: "who wrote it is the owner",
  replay: "it was replayed by hand while no gateway ran",
};

function verdictWord(verdict: EventRecord["verdict"]): string {
  switch (verdict) {
    case "run":
      return "let in";
    case "observe":
      return "noted only";
    case "pair":
      return "taken as a claim";
    case "refuse":
      return "refused";
  }
}

/** Where an event stands. */
export function eventWords({ state, work }: EventRecord): string {
  switch (state) {
    case "recorded":
      return "noted, and nothing acts on it";
    case "waiting":
      return work === "command" ? "waits to be carried out" : "waits for its turn";
    case "taken":
      return work === "command" ? "a command took it" : "a turn took it";
    case "dropped":
      return "taken out of the queue before its turn";
    case "answer":
      return "answers a question of the agent";
  }
}

/** A chat as people tell it from others. */
export function chatWords({ platform, chatId, threadId, type, name }: Chat): string {
  const thread = threadId === undefined ? "" : ` thread ${threadId}`;
  return `${platform} ${type} ${chatId}${thread}${name === undefined ? "" : ` (${name})`}`;
}

/** A chat in a list. */
export function briefChatWords({ platform, chatId, name }: Chat): string {
  return `${platform} ${chatId}${name === undefined ? "" : ` (${name})`}`;
}

/** A message on its platform. */
export function refWords({ platform, chatId, threadId, messageId }: MessageRef): string {
  return `message ${messageId} in ${platform} ${chatId}${threadId === undefined ? "" : ` thread ${threadId}`}`;
}

export function authorWords({ id, name }: Author): string {
  return name === undefined || name === id ? id : `${name} (${id})`;
}

/** What came in, without what it says. */
export function contentWords({ content, eventId }: EventDetails): string {
  if (content === undefined) return `event ${eventId}; what it said is not kept`;
  const { type, messageId, author, attachments } = content;
  const files = attachments === 0 ? "" : ` with ${attachments} ${attachments === 1 ? "file" : "files"}`;
  return `${type}${messageId === undefined ? "" : ` ${messageId}`} from ${authorWords(author)}${files}`;
}
