import { PlatformError, isPlatformError } from "@hermes/core";
import type { CaseName } from "../../../src/cases.ts";
import { token } from "../../pigeon/server.ts";
import { connection, failures, type Fault } from "./ways-to-be-bad.ts";

/** Faults in telling failures. */
export const failingFaults = {
  "a rate limit is told with the time to wait": failures("rate-limited", { kind: "rate-limited", retryAfterMs: 3 }),
  "a chat that is gone is told as not-found": {
    ...failures("not-found", { kind: "invalid" }),
    alsoSeenBy: ["a thread that is gone is told as not-found", "a message that is gone is told as not-found"],
  },
  "a thread that is gone is told as not-found": {
    ...failures("not-found", { kind: "not-found", what: "chat" }),
    alsoSeenBy: ["a message that is gone is told as not-found"],
  },
  "a message that is gone is told as not-found": {
    ...failures("not-found", { kind: "not-found", what: "thread" }),
    alsoSeenBy: ["a chat that is gone is told as not-found"],
  },
  "a chat where the bot may not write is told as forbidden": failures("forbidden", { kind: "not-found", what: "chat" }),
  "wrong credentials are told as unauthorized": failures("unauthorized", { kind: "forbidden" }),
  "somebody else who listens is told as conflict": failures("conflict", { kind: "unavailable" }),
  "what the platform will never take is told as invalid": {
    ...failures("invalid", { kind: "forbidden" }),
    alsoSeenBy: [
      "files that may not stand together are refused as invalid, and none of them is shown",
      "what the table does not have is refused as invalid instead of left out",
      "a chat id that is none is refused without a try",
    ],
  },
  "a server that cannot have acted is told as unavailable and not done": failures("unavailable", { kind: "unavailable" }, true),
  "a server that may have acted is told as unavailable and maybe done": failures("unavailable", { kind: "unavailable" }, false),
  "a call that is aborted on its way is told as aborted and maybe done": {
    ...failures("aborted", { kind: "aborted" }, false),
  },
  "it works again once the trouble is over": connection((good) => {
    let isBroken = false;
    return {
      async send(...parameters) {
        if (isBroken)
          throw new PlatformError({ platform: "pigeon", failure: { kind: "unavailable" }, message: "broken for good" });
        try {
          return await good.send(...parameters);
        } catch (error) {
          isBroken = isPlatformError(error) && error.failure.kind === "rate-limited";
          throw error;
        }
      },
    };
  }),
  "a chat id that is none is refused without a try": connection((good) => ({
    send: (chat, message, options) =>
      good.send(/^[\w-]+$/u.test(chat.ref.chatId) ? chat : { ...chat, ref: { ...chat.ref, chatId: "ada" } }, message, options),
  })),
  "nothing that is shown or told holds a secret": {
    platform: (good) => ({
      ...good,
      connect(given, signal) {
        given.logger.debug(`Connecting with ${token}`);
        return good.connect(given, signal);
      },
    }),
  },
} satisfies Partial<Record<CaseName, Fault>>;
