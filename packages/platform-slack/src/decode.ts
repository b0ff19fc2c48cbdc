import type { PlatformEvent } from "@hermes/core";
import { addresseeOf, otherEvent, undecodable, type Addressee, type DecodeContext } from "./decode/context.ts";
import { decodeMember, decodeReaction } from "./decode/happenings.ts";
import { decodeCommand, decodeInteraction } from "./decode/interactions.ts";
import { decodeMessage } from "./decode/message.ts";
import { envelopeSchema } from "./decode/schemas.ts";

/** What comes from Slack, whichever way it comes. */
export interface SlackUpdate {
  readonly kind: "event" | "interaction" | "command";
  readonly payload: unknown;
}

/**
 * The events in an update, as a rule one; none for what the bot itself said. Pure; never throws. What cannot be read becomes `other`
 * with `undecodable`.
 *
 * `eventId` names what happened, not how it was told: `message:T1/C2/1767225600.000100`, `edit:…:<when>`, `delete:…`,
 * `reaction:…:<who>:<what>:<when>`, a hash for presses and commands, Slack's `event_id` for the rest. So it is the same for an event
 * that is told again, over another socket, or as `message` and `app_mention`.
 */
export function decodeUpdate({ kind, payload }: SlackUpdate, context: DecodeContext): readonly PlatformEvent[] {
  switch (kind) {
    case "event":
      return decodeEvent(payload, context);
    case "interaction":
      return decodeInteraction(payload, context);
    case "command":
      return decodeCommand(payload, context);
  }
}

function decodeEvent(payload: unknown, context: DecodeContext): readonly PlatformEvent[] {
  const envelope = envelopeSchema.safeParse(payload).data;
  if (envelope === undefined) {
    const { event_id: id } = (typeof payload === "object" && payload !== null ? payload : {}) as { readonly event_id?: unknown };
    return undecodable("event", payload, context, id);
  }
  const { event, event_id: id } = envelope;
  const to = addresseeOf(envelope, context);
  const eventId = `event:${id}`;
  if (!to.isOurs) return [otherEvent(`${event.type}_of_another_workspace`, event, eventId, to.team, context)];
  return decodeKind(event, to, eventId, context) ?? undecodable(event.type, event, context, id);
}

/** undefined: not as Slack describes it. */
function decodeKind(
  event: { readonly type: string },
  to: Addressee,
  eventId: string,
  context: DecodeContext,
): readonly PlatformEvent[] | undefined {
  switch (event.type) {
    case "message":
    case "app_mention":
      return decodeMessage(event, to, eventId, context);
    case "reaction_added":
    case "reaction_removed":
      return decodeReaction(event, event.type === "reaction_added", to, eventId, context);
    case "member_joined_channel":
      return decodeMember(event, true, to, eventId, context);
    case "member_left_channel":
    case "channel_left":
    case "group_left":
      return decodeMember(event, false, to, eventId, context);
    default:
      return [otherEvent(event.type, event, eventId, to.team, context)];
  }
}
