import type { FailureName, FailureScript } from "@hermes/testkit/conformance";
import type { SlackServer } from "../server.ts";

/** How Slack comes to each of its failures. */
export function failuresOf(server: SlackServer): Readonly<Partial<Record<FailureName, FailureScript>>> {
  const { world, rates } = server;
  return {
    "rate-limited": {
      arrange({ chatId }) {
        rates.take(chatId);
        rates.isOn = true;
      },
      retryAfterMs: 1000,
    },
    "not-found-chat": { arrange: ({ chatId }) => void world.channels.delete(chatId) },
    "not-found-thread": { arrange: ({ chatId, threadId = "" }) => void world.find(chatId).messages.delete(threadId) },
    "not-found-message": { arrange: ({ chatId, messageId }) => void world.find(chatId).messages.delete(messageId) },
    forbidden: { arrange: ({ chatId }) => void world.find(chatId).members.delete(server.bot.userId) },
    unauthorized: {
      arrange() {
        server.bot.isRevoked = true;
      },
    },
    // Nothing that the adapter writes brings Slack to it: it is said in the words of a refusal that apps know.
    invalid: {
      arrange: () =>
        server.fail("chat.postMessage", { type: "error", status: 200, body: { ok: false, error: "invalid_arguments" } }),
    },
    "unavailable-not-done": {
      async arrange() {
        const { url } = server;
        await server.close();
        // Once this is refused, the app has noticed as well that its own connection is gone.
        await fetch(url).catch(() => undefined);
      },
    },
    "unavailable-maybe-done": { arrange: () => server.fail("chat.postMessage", { type: "drop", when: "after" }) },
    hang: { arrange: () => server.fail("chat.postMessage", { type: "hang", acted: true }) },
  };
}
