import type { PlatformEvent } from "@hermes/core";
import type { Api } from "../api.ts";
import type { Chores } from "./chores.ts";

/** Shows people that what they said was read: one receipt for each room and thread, at the latest message in it. */
export function markRead(events: readonly PlatformEvent[], api: Pick<Api, "markRead">, chores: Chores): void {
  for (const event of events) {
    if (event.type !== "message") continue;
    const { chatId, threadId = "main" } = event.chat.ref;
    // A later one in the same place takes this one's turn.
    chores.add(`read ${chatId} ${threadId}`, (signal) => api.markRead(chatId, event.messageId, threadId, signal));
  }
}
