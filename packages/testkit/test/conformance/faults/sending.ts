import type { Connection } from "@hermes/core";
import type { CaseName } from "../../../src/cases.ts";
import { connection, textOf, type Fault } from "./ways-to-be-bad.ts";

let count = 0;

/** Faults in sending. */
export const sendingFaults = {
  "send returns every message it made, in order": {
    ...connection((good) => ({
      async send(...parameters) {
        const [first] = await good.send(...parameters);
        return [first];
      },
    })),
    alsoSeenBy: ["files that stand together keep their order, and send returns every message of theirs"],
  },
  "what was sent before stays when more is sent": connection((good) => {
    let last: Parameters<NonNullable<Connection["remove"]>>[0] | undefined;
    return {
      async send(chat, message, options) {
        const sent = await good.send(chat, message, options);
        if (last !== undefined && message.texts[0] === "second") await good.remove?.(last);
        [last] = sent;
        return sent;
      },
    };
  }),
  "measure is pure, and says what the server counts": {
    platform: (good) => ({ ...good, measure: (markdown) => (markdown.includes("xxx") ? textOf(markdown) : markdown).length }),
  },
  "a text that measures exactly the limit is taken whole": connection((good) => ({
    send: (chat, message, options) =>
      good.send(
        chat,
        { ...message, texts: message.texts.map((text) => (textOf(text).length === 200 ? text.slice(0, -3) : text)) },
        options,
      ),
  })),
  "a text above the limit is refused as too-long, and nothing of it is shown": connection((good) => ({
    send: (chat, message, options) =>
      good.send(
        chat,
        { ...message, texts: message.texts.map((text) => (textOf(text).length > 200 ? text.slice(0, 100) : text)) },
        options,
      ),
  })),
  "send with an aborted signal is refused as aborted, and nothing is shown": connection((good) => ({
    send: (chat, message, options) =>
      good.send(chat, message, options.signal.aborted ? { ...options, signal: new AbortController().signal } : options),
  })),
  "what an agent writes pings nobody who was not named": connection((good) => ({
    send: (chat, message, options) => good.send(chat, message, { ...options, mentions: [...options.mentions, "everyone"] }),
  })),
  "who is among the mentions is pinged": connection((good) => ({
    send: (chat, message, options) => good.send(chat, message, { ...options, mentions: [] }),
  })),
  "a silent message is silent, and others are not": connection((good) => ({
    send: (chat, message, options) => good.send(chat, message, { ...options, silent: false }),
  })),
  "a quote stands under what it quotes": connection((good) => ({
    send: (chat, message, { quote, ...options }) =>
      good.send(chat, message, quote === undefined ? options : { ...options, quote: { ...quote, messageId: "another" } }),
  })),
  "a send under the same key is not said twice": connection((good) => ({
    send: (chat, message, options) => {
      const isRepeated = options.idempotencyKey === "the same";
      return good.send(chat, message, isRepeated ? { ...options, idempotencyKey: `${(count += 1)}` } : options);
    },
  })),
  "findSent finds what was sent, and nothing else": connection(() => ({ findSent: async () => undefined })),
} satisfies Partial<Record<CaseName, Fault>>;
