import type { Author, Chat, MessageRef, PlatformEvent } from "@hermes/core";
import type * as wire from "@hermes/protocol";
import type {
  Delivery,
  DeliveryDetails,
  DeliveryPart,
  EventDetails,
  LedgerEvent,
  LedgerOutcome,
  Page,
  PlatformStatus,
  Timeline,
  TransportFacts,
} from "@hermes/runtime";

/** A page of what the runtime knows as a page of what stands on the wire. */
export function mapPage<Row, Mapped>({ rows, next }: Page<Row>, mapRow: (row: Row) => Mapped): wire.Page<Mapped> {
  return { rows: rows.map(mapRow), ...(next === undefined ? {} : { next }) };
}

/** Without what only the platform understands of its chat: that may open it. */
export function mapDelivery(delivery: Delivery): wire.Delivery {
  const { replyId, kind, state, sessionKey, chat, startedAtMs, endedAtMs, parts, partsSent, attempts, failure, seq } = delivery;
  return {
    replyId,
    kind,
    state,
    sessionKey,
    chat: mapChat(chat),
    startedAtMs,
    parts,
    partsSent,
    attempts,
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    ...(failure === undefined ? {} : { failure }),
    ...(seq === undefined ? {} : { seq }),
  };
}

/** Without the right to answer that came with the message. */
export function mapDeliveryDetails(delivery: DeliveryDetails): wire.DeliveryDetails {
  const { origin, outcome, details } = delivery;
  return {
    ...mapDelivery(delivery),
    ...(origin === undefined ? {} : { author: mapAuthor(origin.author) }),
    ...(origin?.message === undefined ? {} : { answers: mapRef(origin.message) }),
    ...(outcome === undefined ? {} : { outcome }),
    details: details.map(mapPart),
  };
}

function mapPart({ index, kind, state, attempts, failure, refs, shownAtMs, marked, text }: DeliveryPart): wire.DeliveryPart {
  return {
    index,
    kind,
    state,
    attempts,
    refs: refs.map(mapRef),
    marked,
    text,
    ...(failure === undefined ? {} : { failure }),
    ...(shownAtMs === undefined ? {} : { shownAtMs }),
  };
}

export function mapEvent(event: LedgerEvent): wire.EventRecord {
  const { seq, platform, eventId, verdict, rule, state, atMs, sessionKey, work } = event;
  return {
    seq,
    platform,
    eventId,
    verdict,
    rule,
    state,
    atMs,
    ...(sessionKey === undefined ? {} : { sessionKey }),
    ...(work === undefined ? {} : { work }),
  };
}

export function mapEventDetails(event: EventDetails): wire.EventDetails {
  return { ...mapEvent(event), ...(event.event === undefined ? {} : { content: mapContent(event.event) }) };
}

export function mapTimeline({ event, deliveries }: Timeline): wire.Timeline {
  return { ...(event === undefined ? {} : { event: mapEventDetails(event) }), deliveries: deliveries.map(mapDeliveryDetails) };
}

export function mapOutcome(outcome: LedgerOutcome): wire.Outcome {
  switch (outcome.kind) {
    case "done":
      return { done: true, message: outcome.what };
    case "refused":
      return { done: false, message: outcome.why };
  }
}

/** A platform as it stands on the wire. `doors` are those that are the gateway's own. */
export function mapPlatform(platform: PlatformStatus, doors: ReadonlySet<string>): wire.PlatformStatus {
  const { id, kind, condition, sinceMs, identity, transport, doubt, breaker, replaced, turnedAway } = platform;
  const reason = reasonOf(condition);
  return {
    id,
    kind,
    state: condition.state,
    sinceMs,
    ...(reason === undefined ? {} : { reason }),
    ...(identity === undefined ? {} : { name: identity.name }),
    ...("retryAtMs" in condition ? { retryAtMs: condition.retryAtMs } : {}),
    ...(doors.has(id) ? { isDoor: true } : {}),
    ...(transport === undefined ? {} : { transport: mapTransport(transport) }),
    ...(doubt === undefined ? {} : { doubt }),
    ...(breaker === undefined ? {} : { breaker }),
    ...(replaced === undefined ? {} : { replaced: replaced.count, replacedAtMs: replaced.lastAtMs }),
    ...(turnedAway === undefined ? {} : { turnedAway: turnedAway.count, turnedAwayAtMs: turnedAway.lastAtMs }),
    admission: platform.admission,
    delivery: platform.delivery,
  };
}

function mapTransport({ state, sinceMs, heardAtMs }: TransportFacts): wire.PlatformTransport {
  return { state, sinceMs, heardAtMs };
}

function reasonOf(condition: PlatformStatus["condition"]): string | undefined {
  if ("reason" in condition) return condition.reason;
  if ("heldBy" in condition) return condition.heldBy;
  if (condition.state !== "up" || condition.transport === "up") return undefined;
  return [condition.transport, condition.detail].filter((text) => text !== undefined).join(": ");
}

/** What people can read of an event, without tickets, grants and buttons' tokens. */
function mapContent(event: PlatformEvent): wire.EventContent {
  const happenedAtMs = Date.parse(event.at);
  const text = textOf(event);
  return {
    type: event.type,
    author: mapAuthor(event.origin.author),
    chat: mapChat(event.chat),
    ...(Number.isNaN(happenedAtMs) ? {} : { happenedAtMs }),
    ...("messageId" in event && event.messageId !== undefined ? { messageId: event.messageId } : {}),
    ...(text === undefined ? {} : { text }),
    attachments: event.type === "message" ? event.attachments.length : 0,
  };
}

function textOf(event: PlatformEvent): string | undefined {
  switch (event.type) {
    case "message":
    case "edit":
      return event.text;
    case "command":
      return `/${event.name} ${event.arguments}`.trimEnd();
    case "reaction":
      return event.emoji;
    default:
      return undefined;
  }
}

/** A chat without what only its platform understands. */
export function mapChat({ ref, type, name }: Chat): wire.Chat {
  const { platform, chatId, threadId } = ref;
  return {
    platform,
    chatId,
    type,
    ...(threadId === undefined ? {} : { threadId }),
    ...(name === undefined ? {} : { name }),
  };
}

/** A message that stands on its platform. */
export function mapRef({ platform, chatId, threadId, messageId }: MessageRef): wire.MessageRef {
  return { platform, chatId, messageId, ...(threadId === undefined ? {} : { threadId }) };
}

function mapAuthor({ id, name, isBot }: Author): wire.Author {
  return { id, isBot, ...(name === undefined ? {} : { name }) };
}
