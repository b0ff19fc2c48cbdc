import {
  PlatformError,
  type Chat,
  type ConnectionOf,
  type LiveMessage,
  type Sent,
  type PlatformHost,
  type SendOptions,
} from "@hermes/core";
import { z } from "zod";
import { fetchImage } from "./api.ts";
import type { capabilityTable } from "./capabilities.ts";
import type { Exchange } from "./exchange/exchange.ts";
import type { Exchanges } from "./exchange/exchanges.ts";
import type { Uploads } from "./exchange/uploads.ts";

export type OpenAiApiConnection = ConnectionOf<typeof capabilityTable>;

export interface ConnectionParts {
  /** The instance's id. */
  readonly platform: string;
  readonly modelName: string;
  readonly host: PlatformHost;
  readonly exchanges: Exchanges;
  readonly uploads: Uploads;
}

const ticketSchema = z.union([z.strictObject({ url: z.url({ protocol: /^https?$/u }) }), z.strictObject({ upload: z.string() })]);
/** A stream of single letters would be mostly envelopes. */
const updateIntervalMs = 20;

/** The outward half: what is said reaches whoever asked, and nobody else. */
export function openConnection({ platform, modelName, host, exchanges, uploads }: ConnectionParts): OpenAiApiConnection {
  const fail = (kind: "invalid" | "forbidden", message: string): PlatformError =>
    new PlatformError({ platform, failure: { kind }, message });
  const missing = (): PlatformError =>
    new PlatformError({
      platform,
      failure: { kind: "not-found", what: "message" },
      message: "Cannot open an image: the request it came in is over",
    });
  let sent = 0;
  const sentOf = ({ ref }: Chat): Sent => [{ ...ref, messageId: `answer-${(sent += 1)}` }];
  let isOpen = true;
  exchanges.connect();

  return {
    identity: { id: platform, name: modelName },
    async send(chat, { texts, files, actions }, options: SendOptions) {
      if (files.length > 0 || actions.length > 0) throw fail("invalid", "Cannot send: files and buttons are not supported");
      if (exchanges.isOwnStop(options.origin)) return sentOf(chat);
      const exchange = exchanges.find(options.origin);
      if (exchange === undefined) throw fail("forbidden", "Cannot send: nobody waits for an answer there");
      exchange.openPart()(texts.join("\n\n"));
      return sentOf(chat);
    },
    async openLive(chat, options) {
      const exchange = exchanges.find(options.origin);
      return exchange === undefined ? null : liveMessage(platform, exchange, () => sentOf(chat));
    },
    endAnswer: (_chat, origin, ending) => exchanges.end(origin, ending),
    noteProgress: (_chat, origin, event) => exchanges.find(origin)?.progress(event),
    async download({ ticket }, { maxBytes, signal }) {
      const parsed = ticketSchema.safeParse(ticket);
      if (!parsed.success) throw fail("invalid", "Cannot open an image: its ticket is none of this platform");
      if ("url" in parsed.data) return await fetchImage(parsed.data.url, { platform, host, maxBytes, signal });
      const bytes = uploads.get(parsed.data.upload);
      if (bytes === undefined) throw missing();
      if (bytes.byteLength > maxBytes)
        throw fail("invalid", `Cannot open an image: it has ${bytes.byteLength} bytes, and ${maxBytes} are allowed`);
      return new Blob([new Uint8Array(bytes)]).stream();
    },
    async disconnect() {
      if (isOpen) exchanges.disconnect();
      isOpen = false;
    },
  };
}

function liveMessage(platform: string, exchange: Exchange, sent: () => Sent): LiveMessage {
  const add = exchange.openPart();
  let shown = "";
  const show = (markdown: string): void => {
    // The end may have lost white space that stands there already.
    if (shown.startsWith(markdown)) return;
    if (!markdown.startsWith(shown)) {
      const message = "Cannot change what was streamed already";
      throw new PlatformError({ platform, failure: { kind: "invalid" }, message });
    }
    add(markdown.slice(shown.length));
    shown = markdown;
  };
  return {
    mode: "append",
    maxLength: null,
    minIntervalMs: updateIntervalMs,
    update: async ({ markdown }) => show(markdown),
    async finish({ markdown }) {
      show(markdown);
      return sent();
    },
    abandon: async () => undefined,
  };
}
