import type { MessageEvent } from "@hermes/core";

/** A message as its author changed it; undefined where nothing of it is left. */
export function changedMessage(event: MessageEvent, text: string | undefined): MessageEvent | undefined {
  if (text === undefined) return undefined;
  return text.trim() === "" && event.attachments.length === 0 ? undefined : { ...event, text };
}
