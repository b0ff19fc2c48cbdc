import type { FailureName, FailureScript } from "@hermes/testkit/conformance";
import type { Homeserver } from "../server.ts";

/** How a homeserver comes to each of its failures. */
export function failuresOf(server: Homeserver): Readonly<Partial<Record<FailureName, FailureScript>>> {
  const { world, rates, sessions, bot } = server;
  return {
    "rate-limited": { arrange: () => rates.exhaust(bot.userId, server.nowMs()), retryAfterMs: 5000 },
    "not-found-chat": { arrange: ({ chatId }) => void world.rooms.delete(chatId) },
    "not-found-message": {
      arrange({ chatId, messageId }) {
        const room = world.rooms.get(chatId);
        if (room !== undefined) world.redact(room, messageId, "@ada:example.org");
      },
    },
    forbidden: {
      arrange({ chatId }) {
        const room = world.rooms.get(chatId);
        if (room === undefined) return;
        const levels = { users: { "@ada:example.org": 100 }, users_default: 0, events_default: 50 };
        world.append(room, { type: "m.room.power_levels", sender: "@ada:example.org", stateKey: "", content: levels });
      },
    },
    unauthorized: { arrange: () => sessions.endAll(bot.userId, false) },
    // Nothing that this bot writes brings a homeserver to it: it is said in the words of a refusal that servers know.
    invalid: {
      arrange: () =>
        server.fail("send", { type: "error", status: 400, body: { errcode: "M_BAD_JSON", error: "Content is not valid" } }),
    },
    "unavailable-not-done": {
      async arrange() {
        const { url } = server;
        await server.close();
        // Once this is refused, the bot has noticed as well that its own connection is gone.
        await fetch(url).catch(() => undefined);
      },
    },
    "unavailable-maybe-done": { arrange: () => server.fail("send", { type: "drop", when: "after" }) },
    hang: { arrange: () => server.fail("send", { type: "hang", acted: true }) },
  };
}
