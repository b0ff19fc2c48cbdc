import type { FailureName, FailureScript } from "@hermes/testkit/conformance";
import type { BotApiServer } from "../server.ts";

const neverTaken = "method is available only for supergroups";

/** How Telegram comes to each of its failures. */
export function failuresOf(server: BotApiServer): Readonly<Record<FailureName, FailureScript>> {
  const { world, rates, updates } = server;
  return {
    "rate-limited": {
      arrange({ chatId }) {
        rates.isOn = true;
        rates.take(Number(chatId), server.nowMs());
      },
      retryAfterMs: 1000,
    },
    "not-found-chat": { arrange: ({ chatId }) => void world.chats.delete(Number(chatId)) },
    "not-found-thread": {
      arrange: ({ chatId, threadId }) => void world.find(chatId).topics.set(Number(threadId), "deleted"),
    },
    "not-found-message": { arrange: ({ chatId, messageId }) => void world.find(chatId).messages.delete(Number(messageId)) },
    forbidden: {
      arrange({ chatId }) {
        world.find(chatId).forbidden = "bot was blocked by the user";
      },
    },
    unauthorized: {
      arrange() {
        server.isRevoked = true;
      },
    },
    conflict: {
      async arrange() {
        await server.until(() => updates.polling);
        await updates.poll({ timeout: 0 }, new AbortController().signal);
      },
    },
    // Nothing that this bot writes brings Telegram to it: it is said in the words of a refusal that bots know.
    invalid: {
      arrange: () => server.fail("sendMessage", { type: "error", code: 400, description: `Bad Request: ${neverTaken}` }),
    },
    "unavailable-not-done": {
      async arrange() {
        const { apiRoot } = server;
        await server.close();
        // Once this is refused, the bot has noticed as well that its own connection is gone.
        await fetch(apiRoot).catch(() => undefined);
      },
    },
    "unavailable-maybe-done": { arrange: () => server.fail("sendMessage", { type: "drop", when: "after" }) },
    hang: { arrange: () => server.fail("sendMessage", { type: "hang", acted: true }) },
  };
}
