import { isTimestamp } from "../place.ts";
import type { SlackUpdate } from "../decode.ts";
import { addresseeOf, type DecodeContext } from "./context.ts";
import { envelopeSchema } from "./schemas.ts";

/** The thread in a channel that a message was written in: whether the bot takes part in it decides whether it is meant. */
export function threadIn(
  { kind, payload }: SlackUpdate,
  context: DecodeContext,
): { readonly chatId: string; readonly threadId: string } | undefined {
  const envelope = kind === "event" ? envelopeSchema.safeParse(payload).data : undefined;
  if (envelope === undefined) return undefined;
  const { type, channel, message, previous_message: before } = envelope.event;
  const { thread_ts: threadId, ts } = { ...envelope.event, ...objectOf(before), ...objectOf(message) } as Readonly<
    Record<string, unknown>
  >;
  if (type !== "message" && type !== "app_mention") return undefined;
  if (typeof channel !== "string" || channel.startsWith("D") || !isTimestamp(threadId) || threadId === ts) return undefined;
  return { chatId: `${addresseeOf(envelope, context).team}/${channel}`, threadId };
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
