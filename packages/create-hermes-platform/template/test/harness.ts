import type { Chat } from "@hermes/core";
import type { PlatformHarness } from "@hermes/testkit/conformance";
import { example } from "../src/index.ts";
import { manifest } from "../src/manifest.ts";
import { startExampleServer } from "./server.ts";

const direct: Chat = { ref: { platform: "example", chatId: "direct-1" }, type: "dm" };
const group: Chat = { ref: { platform: "example", chatId: "group-1" }, type: "group" };

/** What the conformance suite needs of Example: a server, people who speak on it, and ways to make it refuse. */
export const harness: PlatformHarness = {
  async start({ doorUrl }) {
    const server = await startExampleServer(doorUrl);
    const { http, token, secret } = server;
    return {
      create: () => example({ token, secret, apiRoot: http.url }),
      secrets: [token, secret],
      manifest,
      places: { direct: { chat: direct, written: "direct-1" }, group: { chat: group, written: "group-1" } },
      people: {
        says: ({ in: { ref }, text, by = "person" }) => ({ ...ref, messageId: server.says({ chatId: ref.chatId, text, by }) }),
      },
      standing: ({ ref }) =>
        server.standing(ref.chatId).map(({ id, by, text, replyTo }) => ({
          messageId: id,
          by,
          text,
          length: text.length,
          ...(replyTo === undefined ? {} : { quotes: replyTo }),
        })),
      poison: {
        "no JSON": () => server.deliver("{"),
        "a message without its text": () => server.deliver(JSON.stringify({ id: "1", chat: { id: "direct-1" }, message: {} })),
      },
      webhook: {
        signed: "header",
        genuine: (text) =>
          new Request(doorUrl, {
            method: "POST",
            headers: { "x-example-secret": secret },
            body: server.delivery({ chatId: "direct-1", text }, "m1"),
          }),
        forged: { "no secret": {}, "a wrong secret": { "x-example-secret": "guessed" } },
      },
      failures: {
        "rate-limited": { arrange: () => http.fail("send", { type: "rate-limit", retryAfterSeconds: 7 }), retryAfterMs: 7000 },
        "not-found-chat": { arrange: () => server.remove("direct-1") },
        forbidden: { arrange: () => server.mute("direct-1") },
        unauthorized: { arrange: () => server.revoke() },
        "unavailable-maybe-done": { arrange: () => http.fail("send", { type: "drop", when: "after" }) },
        hang: { arrange: () => http.fail("send", { type: "hang", acted: false }) },
      },
      underWay: () => http.underWay,
      close: () => server.close(),
    };
  },
};
