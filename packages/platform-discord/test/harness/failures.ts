import type { FailureName, FailureScript } from "@hermes/testkit/conformance";
import type { DiscordServer } from "../server.ts";

/** How Discord comes to each of its failures; that somebody else listens is none: every session is told everything. */
export function failuresOf(server: DiscordServer): Readonly<Partial<Record<FailureName, FailureScript>>> {
  const { world } = server;
  return {
    "rate-limited": {
      // A limit that is shared with others, which nothing announces.
      arrange: () =>
        server.fail("createMessage", {
          type: "error",
          status: 429,
          headers: { "retry-after": "2", "x-ratelimit-scope": "shared" },
          body: { message: "The resource is being rate limited.", retry_after: 2, global: false },
        }),
      retryAfterMs: 2000,
    },
    "not-found-chat": { arrange: ({ chatId }) => void world.channels.delete(chatId) },
    "not-found-thread": { arrange: ({ threadId = "" }) => void world.channels.delete(threadId) },
    "not-found-message": { arrange: ({ messageId }) => void world.messages.delete(messageId) },
    forbidden: { arrange: ({ chatId }) => void world.channel(chatId).lacks.add("direct") },
    unauthorized: {
      arrange() {
        server.isRevoked = true;
      },
    },
    // Nothing that this bot writes brings Discord to it: it is said in the words of a refusal that bots know.
    invalid: {
      arrange: () =>
        server.fail("createMessage", {
          type: "error",
          status: 400,
          body: { message: "Cannot send messages in a non-text channel", code: 50_008 },
        }),
    },
    "unavailable-not-done": {
      async arrange() {
        const { apiRoot } = server;
        await server.close();
        // Once this is refused, the bot has noticed as well that its own connection is gone.
        await fetch(apiRoot).catch(() => undefined);
      },
    },
    "unavailable-maybe-done": { arrange: () => server.fail("createMessage", { type: "drop", when: "after" }) },
    hang: { arrange: () => server.fail("createMessage", { type: "hang", acted: true }) },
  };
}
