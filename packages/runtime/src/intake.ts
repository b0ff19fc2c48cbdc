import {
  buildSessionKey,
  type CommandEvent,
  type DeleteEvent,
  type EditEvent,
  type MessageEvent,
  type PlatformEvent,
  type SessionKey,
} from "@hermes/core";
import { isCommandText, type Admission } from "./admission.ts";
import type { Manner } from "./busy/busy-desk.ts";
import { parseQueueCall } from "./commands/queue.ts";
import type { CommandCall } from "./commands/command.ts";
import { commandCallIn, commandCallOf } from "./commands/registry.ts";
import type { IntakeWork } from "./store.ts";

/** An event as it is taken in: a command that hands on a message is that message. */
export interface Routed {
  readonly event: PlatformEvent;
  readonly wanted?: NonNullable<Manner["wanted"]>;
}

/** `/queue` and `/steer` with a text are that text, and how it is to be treated. */
export function routeOf(event: PlatformEvent): Routed {
  if (event.type !== "message" && event.type !== "command") return { event };
  const handedOn = handedOnBy(commandCallOf(event));
  return handedOn === undefined ? { event } : { event: asMessage(event, handedOn.text), wanted: handedOn.wanted };
}

/** The message that a command hands on, if it does. A command is none: one that waited would act at another time than it says. */
function handedOnBy(call: CommandCall | undefined): { text: string; wanted: NonNullable<Routed["wanted"]> } | undefined {
  if (call === undefined || call.arguments === "" || isCommandText(call.arguments)) return undefined;
  if (call.name === "steer") return { text: call.arguments, wanted: "steer" };
  if (call.name !== "queue" && call.name !== "q") return undefined;
  const queueing = parseQueueCall(call.arguments);
  return queueing.kind === "add" ? { text: queueing.text, wanted: "queue" } : undefined;
}

function asMessage(event: MessageEvent | CommandEvent, text: string): MessageEvent {
  if (event.type === "message") return { ...event, text };
  const { name: _name, arguments: _arguments, ...rest } = event;
  const messageId = event.origin.message?.messageId ?? event.eventId;
  return { ...rest, type: "message", messageId, text, addressed: true, attachments: [] };
}

/** What is done with an event that was admitted. `answering`: the question that it answers. */
export function workOf(event: PlatformEvent, { verdict }: Admission, answering: IntakeWork | undefined): IntakeWork {
  const sessionKey = sessionKeyOf(event);
  switch (verdict) {
    case "pair":
      return { kind: "command", sessionKey };
    case "run":
      if (event.type === "edit" || event.type === "delete") return changeOf(event);
      if (event.type === "action") return answering ?? { kind: "none" };
      return commandCallOf(event) === undefined ? (answering ?? { kind: "turn", sessionKey }) : { kind: "command", sessionKey };
    case "observe":
    case "refuse":
      return { kind: "none" };
  }
}

function changeOf(event: EditEvent | DeleteEvent): IntakeWork {
  const chatKey = buildSessionKey({ kind: "chat", chat: event.chat });
  if (event.type === "delete") return { kind: "change", chatKey, messageIds: event.messageIds };
  const change = { kind: "change", chatKey, messageIds: [event.messageId] } as const;
  const call = commandCallIn(event.text);
  // A command is read when it is sent: what becomes one afterwards is only no message any more.
  const text = call === undefined ? event.text : handedOnBy(call)?.text;
  return text === undefined ? change : { ...change, text };
}

/** The conversation an event belongs to. */
export function sessionKeyOf(event: PlatformEvent): SessionKey {
  return buildSessionKey({ kind: "chat", chat: event.chat, userId: event.origin.author.id });
}
