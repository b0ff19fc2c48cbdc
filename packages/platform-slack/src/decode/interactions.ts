import { payloadText, type Json, type PlatformEvent } from "@hermes/core";
import {
  chatOf,
  commonOf,
  contentHash,
  dateOf,
  isOurs,
  otherEvent,
  personOf,
  undecodable,
  type DecodeContext,
} from "./context.ts";
import { blockActionsSchema, commandSchema } from "./schemas.ts";
import { readText } from "./text.ts";

/** Presses of buttons and menus; of other interactions that there was one. */
export function decodeInteraction(payload: unknown, context: DecodeContext): readonly PlatformEvent[] {
  const { type, team } = (typeof payload === "object" && payload !== null ? payload : {}) as {
    readonly type?: unknown;
    readonly team?: { readonly id?: unknown } | null;
  };
  if (typeof type !== "string" || !/^\w{1,60}$/u.test(type)) return undecodable("interaction", payload, context);
  if (type !== "block_actions") {
    const where = typeof team?.id === "string" && /^[TE][A-Z0-9]{1,20}$/u.test(team.id) ? team.id : "T0";
    return [otherEvent(type, payload, `interaction:${contentHash(payloadText(payload))}`, where, context)];
  }
  const pressed = blockActionsSchema.safeParse(payload).data;
  const channel = pressed?.channel?.id ?? pressed?.container.channel_id;
  const where = pressed?.team?.id ?? pressed?.user.team_id;
  if (pressed === undefined || !where) return undecodable(type, payload, context);
  const id = (at: number): string =>
    `action:${contentHash(payloadText([where, channel, pressed.user.id, pressed.container, pressed.actions[at]]))}`;
  const messageTs = pressed.container.message_ts ?? pressed.message?.ts ?? undefined;
  if (!channel || !isOurs(where, context)) return [otherEvent(type, payload, id(0), where, context)];
  const thread = pressed.message?.thread_ts ?? pressed.container.thread_ts ?? undefined;
  const chat = chatOf(where, channel, thread === messageTs ? undefined : thread, context);
  const interaction = pressed.response_url ? { interaction: { responseUrl: pressed.response_url } } : {};
  const values = pressed.state ? { values: pressed.state.values as Json } : {};
  const events = pressed.actions.flatMap((action, index): PlatformEvent[] => {
    const token = action.value ?? action.selected_option?.value;
    if (token === undefined || token === null || token === "") return [];
    const at = dateOf(action.action_ts, context.nowMs);
    const author = personOf(pressed.user.id, pressed.user.name ?? pressed.user.username);
    const common = commonOf({
      chat,
      author,
      eventId: id(index),
      at,
      ...(messageTs === undefined ? {} : { messageId: messageTs }),
    });
    return [
      {
        ...common,
        type: "action",
        ...(messageTs === undefined ? {} : { messageId: messageTs }),
        token,
        ...values,
        ...interaction,
      },
    ];
  });
  return events.length > 0 ? events : [otherEvent(type, payload, id(0), where, context)];
}

/** A slash command; `/hermes status now` is the command `status` as well. */
export function decodeCommand(payload: unknown, context: DecodeContext): readonly PlatformEvent[] {
  const given = commandSchema.safeParse(payload).data;
  if (given === undefined) return undecodable("command", payload, context);
  const eventId = `command:${contentHash(given.trigger_id)}`;
  if (!isOurs(given.team_id, context)) return [otherEvent("command", payload, eventId, given.team_id, context)];
  const called = given.command.slice(1).toLowerCase();
  const words = readText(given.text ?? "").trim();
  // What cannot be the name of a command asks for the list of those that can.
  const [, first = "help", rest = ""] = /^\/?([\w-]{1,64})(?:\s+([\s\S]*))?$/u.exec(words) ?? [];
  const [name, argument] = called === context.commandName ? [first.toLowerCase(), rest.trim()] : [called, words];
  const common = commonOf({
    chat: chatOf(given.team_id, given.channel_id, undefined, context),
    author: personOf(given.user_id, given.user_name),
    eventId,
    at: new Date(context.nowMs).toISOString(),
  });
  const interaction = given.response_url ? { interaction: { responseUrl: given.response_url } } : {};
  return [{ ...common, type: "command", name, arguments: argument, ...interaction }];
}
