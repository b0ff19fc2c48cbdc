import { hash } from "node:crypto";
import type { CommandEvent, DeleteEvent, EditEvent, MessageEvent, PlatformEvent, SessionKey } from "@hermes/core";
import { isCommandText, type Admission } from "./admission.ts";
import type { Roster } from "./agents/roster.ts";
import type { Manner } from "./busy/busy-desk.ts";
import { parseQueueCall } from "./commands/queue.ts";
import type { CommandCall } from "./commands/command.ts";
import { commandCallIn, commandCallOf } from "./commands/registry.ts";
import type { IntakeWork } from "./store.ts";

/** An event as it is taken in: a command that hands on a message is that message. */
export interface Routed {
  readonly event: PlatformEvent;
  /** The conversation it belongs to. */
  readonly sessionKey: SessionKey;
  readonly wanted?: NonNullable<Manner["wanted"]>;
  /** It begins a conversation of its own. */
  readonly isBackground?: true;
}

/** What events are routed by. */
export interface RoutingParts {
  readonly roster: Roster;
  readonly nowMs: number;
  /** Whether one more conversation may begin beside others. */
  readonly hasRoom: boolean;
}

/** A command that is not answered by the gateway but by an agent. */
type HandedOn =
  | { readonly kind: "message"; readonly text: string; readonly wanted: NonNullable<Routed["wanted"]> }
  | { readonly kind: "background"; readonly text: string; readonly prefix: "bg" | "btw" }
  | { readonly kind: "task" };

/** `/queue`, `/steer`, `/background` and `/btw` with a text are that text, and how it is to be treated. */
export function routeOf(event: PlatformEvent, { roster, nowMs, hasRoom }: RoutingParts): Routed {
  const sessionKey = roster.keyOf(event);
  if (event.type !== "message" && event.type !== "command") return { event, sessionKey };
  const call = commandCallOf(event);
  const handedOn = handedOnBy(call, event, roster);
  switch (handedOn?.kind) {
    case undefined:
      return { event, sessionKey };
    case "message":
      return { event: asMessage(event, handedOn.text), sessionKey, wanted: handedOn.wanted };
    case "task":
      return { event: asMessage(event, writtenOf(call)), sessionKey, wanted: "queue" };
    case "background": {
      if (!hasRoom) return { event, sessionKey };
      const id = taskId(handedOn.prefix, event, nowMs);
      return {
        event: asMessage(event, handedOn.text),
        sessionKey: roster.backgroundKeyOf(event, id),
        wanted: "queue",
        isBackground: true,
      };
    }
  }
}

/** What a command hands on, if it does. A command is none: one that waited would act at another time than it says. */
function handedOnBy(call: CommandCall | undefined, event: PlatformEvent, roster: Roster): HandedOn | undefined {
  if (call?.name === "compress") return roster.takes(event, "compress") ? { kind: "task" } : undefined;
  if (call === undefined || call.arguments === "" || isCommandText(call.arguments)) return undefined;
  const { name, arguments: text } = call;
  // Whoever asks by a request is gone when something beside it is done.
  const lasts = event.origin.lifetime === "durable";
  switch (name) {
    case "steer":
      return { kind: "message", text, wanted: "steer" };
    case "queue":
    case "q": {
      const queueing = parseQueueCall(text);
      return queueing.kind === "add" ? { kind: "message", text: queueing.text, wanted: "queue" } : undefined;
    }
    case "background":
    case "bg":
      return lasts ? { kind: "background", text, prefix: "bg" } : undefined;
    case "btw":
      return lasts && roster.takes(event, "aside") ? { kind: "background", text, prefix: "btw" } : undefined;
    default:
      return undefined;
  }
}

function writtenOf(call: CommandCall | undefined): string {
  return call === undefined ? "" : `/${call.name} ${call.arguments}`.trim();
}

/** `bg_142501_3fa9c1`: when it was asked for, and what names it; the same for the same event within a second. */
function taskId(prefix: string, { chat, eventId }: PlatformEvent, nowMs: number): string {
  const time = new Date(nowMs).toISOString().slice(11, 19).replaceAll(":", "");
  return `${prefix}_${time}_${hash("sha256", JSON.stringify([chat.ref.platform, eventId])).slice(0, 6)}`;
}

function asMessage(event: MessageEvent | CommandEvent, text: string): MessageEvent {
  if (event.type === "message") return { ...event, text };
  const { name: _name, arguments: _arguments, ...rest } = event;
  const messageId = event.origin.message?.messageId ?? event.eventId;
  return { ...rest, type: "message", messageId, text, addressed: true, attachments: [] };
}

/** What is done with an event that was admitted. `answering`: the question that it answers. */
export function workOf(
  { event, sessionKey, wanted }: Routed,
  { verdict }: Admission,
  answering: IntakeWork | undefined,
  roster: Roster,
): IntakeWork {
  switch (verdict) {
    case "pair":
      return { kind: "command", sessionKey };
    case "run":
      if (event.type === "edit" || event.type === "delete") return changeOf(event, roster);
      if (event.type === "action") return answering ?? { kind: "none" };
      if (answering !== undefined) return answering;
      // What was handed on to an agent is no command any more, however it is written.
      return wanted !== undefined || commandCallOf(event) === undefined
        ? { kind: "turn", sessionKey }
        : { kind: "command", sessionKey };
    case "observe":
    case "refuse":
      return { kind: "none" };
  }
}

function changeOf(event: EditEvent | DeleteEvent, roster: Roster): IntakeWork {
  const chatKey = roster.chatKeyOf(event.chat, event.origin.author.id);
  if (event.type === "delete") return { kind: "change", chatKey, messageIds: event.messageIds };
  const change = { kind: "change", chatKey, messageIds: [event.messageId] } as const;
  const call = commandCallIn(event.text);
  // A command is read when it is sent: what becomes one afterwards is only no message any more.
  const handedOn = call === undefined ? undefined : handedOnBy(call, event, roster);
  const text = call === undefined ? event.text : handedOn?.kind === "message" ? handedOn.text : undefined;
  return text === undefined ? change : { ...change, text };
}
