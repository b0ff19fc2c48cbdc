import { randomUUID } from "node:crypto";
import {
  buildSessionKey,
  PlatformError,
  type Chat,
  type Clock,
  type ConnectionOf,
  type LiveMessage,
  type Logger,
  type MessageRef,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import type { capabilityTable } from "./capabilities.ts";
import type { Conversations } from "./conversations.ts";
import type { AnswerPart, Exchange } from "./exchange.ts";
import type { Exchanges } from "./exchanges.ts";
import type { WebOptions } from "./options.ts";
import type { SentBefore } from "./sent-before.ts";

export type WebPlatformConnection = ConnectionOf<typeof capabilityTable>;

export interface ConnectionParts {
  readonly platform: string;
  readonly exchanges: Exchanges;
  readonly conversations: Conversations;
  readonly sentBefore: SentBefore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: Pick<WebOptions, "answerOf" | "uploads">;
  /** Lets every socket go. */
  readonly hangUp: () => void;
}

/** The outward half: what is said goes to whoever listens, and stands in the gateway's own store for everybody else. */
export function openConnection(parts: ConnectionParts): WebPlatformConnection {
  const { platform, exchanges, conversations, sentBefore, clock } = parts;
  const nowText = (): string => new Date(clock.now()).toISOString();
  return {
    identity: { id: platform, name: "Hermes" },
    async send(chat, message, options) {
      const before = sentBefore.find(options.idempotencyKey);
      if (before !== undefined) return before;
      if (message.files.length > 0 || message.actions.length > 0) throw refuse(platform, "files and buttons are not supported");
      const text = message.texts.join("\n\n");
      const exchange = exchanges.answering(chat, options.origin);
      if (exchange !== undefined) {
        const part = exchange.openPart();
        part.show(text);
        return sentBefore.note(options.idempotencyKey, refsOf(chat, exchange, part));
      }
      const messageId = `notice-${randomUUID()}`;
      const notice = { type: "chat.notice", message_id: messageId, text, timestamp: nowText() } as const;
      conversations.publish(buildSessionKey({ kind: "chat", chat }), notice);
      return sentBefore.note(options.idempotencyKey, [refOf(chat, messageId)]);
    },
    async openLive(chat, options) {
      const exchange = exchanges.answering(chat, options.origin);
      // What nobody asked for is said whole.
      return exchange === undefined ? null : liveMessage(chat, exchange, options, sentBefore);
    },
    endAnswer(chat, origin, ending) {
      const exchange = exchanges.answering(chat, origin);
      if (exchange === undefined) return;
      const atMs = clock.now();
      const said = { text: exchange.text, outcome: ending, atMs };
      if (exchange.isWhole || parts.options.answerOf === undefined) exchanges.end(exchange, said);
      // Not awaited, as nobody waits for this; it never rejects.
      else void recall(parts, exchange.messageId).then((text) => exchanges.end(exchange, { ...said, text: text ?? said.text }));
    },
    noteProgress(chat, origin, event) {
      exchanges.answering(chat, origin)?.note(event);
    },
    async download(attachment, { maxBytes }) {
      const { uploads } = parts.options;
      const id = uploadOf(attachment.ticket);
      const upload = id === undefined ? undefined : await uploads?.find(id);
      if (id === undefined || uploads === undefined || upload === undefined) {
        throw new PlatformError({
          platform,
          failure: { kind: "not-found", what: "message" },
          message: "Cannot open an upload: it is no longer there",
        });
      }
      if (upload.sizeBytes > maxBytes) throw refuse(platform, `the upload has more than ${maxBytes} bytes`);
      return await uploads.open(id);
    },
    async disconnect() {
      parts.hangUp();
    },
  };
}

function liveMessage(chat: Chat, exchange: Exchange, { idempotencyKey }: SendOptions, sentBefore: SentBefore): LiveMessage {
  const part = exchange.openPart();
  return {
    mode: "replace",
    maxLength: null,
    minIntervalMs: 30,
    async update({ markdown }) {
      part.grow(markdown);
    },
    async finish({ markdown }) {
      part.show(markdown);
      return sentBefore.note(idempotencyKey, refsOf(chat, exchange, part));
    },
    async abandon() {
      part.show("");
    },
  };
}

/** All of an answer whose beginning an earlier process said; undefined where that cannot be read. */
async function recall({ options, logger }: ConnectionParts, messageId: string): Promise<string | undefined> {
  try {
    const answer = await options.answerOf?.(messageId);
    return answer?.kind === "over" ? answer.text : undefined;
  } catch (error) {
    logger.warn(`The whole of an answer could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function refsOf(chat: Chat, exchange: Exchange, part: AnswerPart): Sent {
  return [refOf(chat, `${exchange.messageId}.${part.number ?? exchange.partCount}`)];
}

function refOf({ ref }: Chat, messageId: string): MessageRef {
  return { ...ref, messageId };
}

function uploadOf(ticket: unknown): string | undefined {
  const id = typeof ticket === "object" && ticket !== null ? (ticket as { readonly upload?: unknown }).upload : undefined;
  return typeof id === "string" ? id : undefined;
}

function refuse(platform: string, why: string): PlatformError {
  return new PlatformError({ platform, failure: { kind: "invalid" }, message: `Cannot do that: ${why}` });
}
