import { accessDecision, accessList, accessQuestion } from "./access.ts";
import { channelList, channelQuery } from "./channels.ts";
import { chatAnswer, chatAsk, chatHistory, chatHistoryQuery, chatStarted } from "./chat.ts";
import { deliveryDetails, deliveryPage } from "./deliveries.ts";
import { eventDetails, eventPage, eventStates, verdicts, type EventState, type Verdict } from "./events.ts";
import {
  commandList,
  consoleCode,
  gatewayInfo,
  health,
  message,
  messageEvidence,
  tokenRotated,
  tokenRotation,
} from "./gateway.ts";
import { method, type Method } from "./method.ts";
import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import type { Outcome } from "./page.ts";
import { platformList, platformStatus } from "./platforms.ts";
import { anyText, eventCursor, choice, flag, integer, text } from "./shape.ts";
import {
  ofSession,
  sessionHits,
  sessionList,
  sessionQuery,
  sessionSearch,
  sessionSubscribed,
  sessionSubscription,
  sessionTitle,
} from "./sessions.ts";
import { timeline } from "./timeline.ts";

/** Rows a page has at most. */
export const maxPageRows = 200;
const defaultPageRows = 50;

/** Which deliveries. */
export interface DeliveryQuery {
  readonly state?: "pending" | "troubled";
  readonly platform?: string;
  readonly limit?: number;
  readonly after?: string;
}

/** Which events. */
export interface EventQuery {
  readonly verdict?: Verdict;
  readonly state?: EventState;
  readonly platform?: string;
  readonly limit?: number;
  readonly after?: string;
}

const strict = { unknown: "refused" } as const;
const nothing = object<object>("Nothing", {}, strict);
const ofReply = object<{ readonly replyId: string }>("OfDelivery", { replyId: needed(text(), "the delivery's id") }, strict);
const ofEvent = object<{ readonly seq: number }>("OfEvent", { seq: needed(integer(1), "the event's number") }, strict);
const ofPlatform = object<{ readonly id: string }>("OfPlatform", { id: needed(text(), "the platform's id") }, strict);
const ofAny = object<{ readonly id: string }>(
  "OfMessage",
  {
    id: needed(text({ maxLength: 1024 }), "of the event, of the message on its platform, of the delivery, or the event's number"),
  },
  strict,
);
const paging = {
  platform: optional(text(), "only of this platform"),
  limit: optional(integer(1, maxPageRows), `rows of the page; default ${defaultPageRows}`),
  after: optional(text(), "go on behind this one: the last page's `next`"),
};
const outcome: ObjectShape<Outcome> = object<Outcome>("Outcome", {
  done: needed(flag, "false: refused, nothing was changed"),
  message: needed(anyText, "what was done, or why not, in one sentence"),
});

/** Everything a gateway can be asked for. */
export const methods = {
  health: method({
    summary: "Says whether the gateway does what it is configured for.",
    scope: "none",
    params: nothing,
    result: health,
  }),
  "chat.send": method({
    summary: "Says something to the agent and waits for the whole answer.",
    scope: "write",
    params: chatAsk,
    result: chatAnswer,
  }),
  "chat.send_stream": method({
    summary: "Says something to the agent; the answer comes as events over this connection.",
    scope: "write",
    params: chatAsk,
    result: chatStarted,
  }),
  "chat.stop": method({
    summary: "Interrupts the answer that runs in a conversation of this door, and drops what waits behind it.",
    scope: "write",
    params: ofSession,
    result: outcome,
  }),
  "chat.history": method({
    summary: "Reads what was said in a conversation.",
    scope: "read",
    params: chatHistoryQuery,
    result: chatHistory,
  }),
  "session.list": method({
    summary: "Lists conversations, the ones with the newest message first.",
    scope: "read",
    params: sessionQuery,
    result: sessionList,
  }),
  "session.search": method({
    summary: "Finds what was said, in all conversations or in one.",
    scope: "read",
    params: sessionSearch,
    result: sessionHits,
  }),
  "session.title": method({
    summary: "Gives a conversation a title.",
    scope: "write",
    params: sessionTitle,
    result: outcome,
  }),
  "session.delete": method({
    summary: "Deletes a conversation: what was said, and what is kept of the messages. Not while an answer is on its way.",
    scope: "write",
    params: ofSession,
    result: outcome,
  }),
  "session.subscribe": method({
    summary: "Tells what happens in a conversation from now on, over this connection.",
    scope: "read",
    params: sessionSubscription,
    result: sessionSubscribed,
  }),
  "session.unsubscribe": method({
    summary: "Tells no more of a conversation over this connection.",
    scope: "read",
    params: ofSession,
    result: outcome,
  }),
  "commands.list": method({
    summary: "Lists the commands that people can give in a chat.",
    scope: "read",
    params: nothing,
    result: commandList,
  }),
  "gateway.status": method({
    summary: "Tells how the gateway is.",
    scope: "read",
    params: nothing,
    result: gatewayInfo,
  }),
  "gateway.restart": method({
    summary:
      "Restarts the gateway, once the answers that run have ended or their time is over; what is unfinished goes on after it.",
    scope: "admin",
    params: nothing,
    result: outcome,
  }),
  "messages.send": method({
    summary:
      "Says something in chats of any platform, and tells what the platforms say of it. Where one place leads nowhere, nothing is said.",
    scope: "write",
    params: message,
    result: messageEvidence,
  }),
  "channels.list": method({
    summary: "Lists chats that something can be said in: those a platform lists, and those that somebody has talked in.",
    scope: "read",
    params: channelQuery,
    result: channelList,
  }),
  "platforms.status": method({
    summary: "Tells how one platform is.",
    scope: "read",
    params: ofPlatform,
    result: platformStatus,
  }),
  "platforms.pause": method({
    summary: "Disconnects a platform until it is resumed, also after a restart; what is to be said there waits.",
    scope: "admin",
    params: ofPlatform,
    result: outcome,
  }),
  "platforms.resume": method({
    summary: "Connects a paused platform again, and tries one that waits or has failed at once.",
    scope: "admin",
    params: ofPlatform,
    result: outcome,
  }),
  "access.list": method({
    summary: "Lists who is let in.",
    scope: "admin",
    params: nothing,
    result: accessList,
  }),
  "access.check": method({
    summary: "Tells what would be decided about a direct message of somebody, and by which rule.",
    scope: "read",
    params: accessQuestion,
    result: accessDecision,
  }),
  "access.revoke": method({
    summary: "Takes back what somebody was given by a claim; who is named in the configuration stays.",
    scope: "admin",
    params: accessQuestion,
    result: outcome,
  }),
  "console.code": method({
    summary: "Makes a one-time code that signs a browser in. It goes behind `/#code=` of the gateway's address.",
    scope: "admin",
    params: nothing,
    result: consoleCode,
  }),
  "tokens.rotate": method({
    summary: "Makes a new token for this home, in its file; the old one is good for a while still, then its sockets are closed.",
    scope: "admin",
    params: tokenRotation,
    result: tokenRotated,
  }),
  "platforms.list": method({
    summary: "Lists the platforms and how each of them is.",
    scope: "read",
    params: nothing,
    result: platformList,
  }),
  "deliveries.list": method({
    summary: "Lists answers and notices on their way to chats, newest first.",
    scope: "read",
    params: object<DeliveryQuery>(
      "DeliveryQuery",
      {
        state: optional(choice(["pending", "troubled"]), "`pending`: queued, sending or parked; `troubled`: unknown or failed"),
        ...paging,
      },
      strict,
    ),
    result: deliveryPage,
  }),
  "deliveries.show": method({
    summary: "Shows one delivery with its parts.",
    scope: "read",
    params: ofReply,
    result: deliveryDetails,
  }),
  "deliveries.retry": method({
    summary: "Shows again what failed or may not have arrived (with the mark), and tries what waits at once.",
    scope: "write",
    params: ofReply,
    result: outcome,
  }),
  "deliveries.drop": method({
    summary: "Gives up what is not shown yet.",
    scope: "write",
    params: ofReply,
    result: outcome,
  }),
  "events.list": method({
    summary: "Lists what came in and what was decided about it, newest first.",
    scope: "read",
    params: object<EventQuery>(
      "EventQuery",
      {
        verdict: optional(choice(verdicts), "only what was decided so"),
        state: optional(choice(eventStates), "only what stands there"),
        ...paging,
        after: optional(eventCursor, "go on behind this one: the last page's `next`"),
      },
      strict,
    ),
    result: eventPage,
  }),
  "events.show": method({
    summary: "Shows one event with what is kept of it.",
    scope: "read",
    params: ofEvent,
    result: eventDetails,
  }),
  "events.replay": method({
    summary: "Lets an event come in once more, as if it were new: it is admitted by the rules of now.",
    scope: "write",
    params: ofEvent,
    result: outcome,
  }),
  "timeline.show": method({
    summary: "Shows the way of one message, by any id it has.",
    scope: "read",
    params: ofAny,
    result: timeline,
  }),
} as const satisfies Readonly<Record<string, Method<object, object>>>;

/** What a method is called. */
export type MethodName = keyof typeof methods;
/** What a method is given. */
export type ParamsOf<Name extends MethodName> = (typeof methods)[Name] extends Method<infer Params, infer _> ? Params : never;
/** What a method answers. */
export type ResultOf<Name extends MethodName> = (typeof methods)[Name] extends Method<infer _, infer Result> ? Result : never;

/** Whether the table has a method of this name; names that every object has are none. */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}

/** Rows of a page nobody asked a number of. */
export function pageRows(limit: number | undefined): number {
  return limit ?? defaultPageRows;
}
