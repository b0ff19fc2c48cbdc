import type { ConversationState } from "./conversation-state.ts";
import type { OutgoingMessage } from "./outbox.ts";

/**
 * Outgoing messages that are not shown by the conversation yet. The gateway tells of a message over the stream before or after it
 * answers the one who sent it: one with the same text that came after it was written is that message.
 */
export function visibleOutgoing(
  outgoing: readonly OutgoingMessage[],
  sessionKey: string,
  { items }: Pick<ConversationState, "items">,
): readonly OutgoingMessage[] {
  const taken = new Set<string>();
  return outgoing.filter((message) => {
    if (message.sessionKey !== sessionKey) return false;
    if (message.refusal !== undefined) return true;
    const shown = items.find(
      (item) =>
        item.kind === "question" &&
        !taken.has(item.id) &&
        item.text === message.text &&
        Date.parse(item.timestamp) >= message.writtenAtMs - clockToleranceMs,
    );
    if (shown !== undefined) taken.add(shown.id);
    return shown === undefined;
  });
}

/** The gateway's clock and the browser's are not the same. */
const clockToleranceMs = 2_000;
