import type { Attachment, Clock, PlatformHost } from "@hermes/core";
import { RpcError, type ChatAsk, type ChatAttachment } from "@hermes/protocol";
import { fingerprintOf, toMessage, type Place } from "./decode.ts";
import type { Exchange } from "./exchange.ts";
import type { Exchanges } from "./exchanges.ts";
import type { WebCredential, WebOptions } from "./options.ts";

const maxAttachments = 10;
const retryAfterMs = 5000;

export interface AskingParts {
  readonly exchanges: Exchanges;
  readonly host: () => PlatformHost | undefined;
  readonly clock: Clock;
  readonly options: Pick<WebOptions, "answerOf" | "uploads">;
}

/** A message that was taken: now, or before. */
export interface Taken {
  readonly exchange: Exchange;
  /** Its answer was over before it was asked for again: nothing of it comes as events. */
  readonly wasOver: boolean;
}

/** Gives the gateway what somebody says, once, however often they say it under the same key. */
export class Asking {
  readonly #parts: AskingParts;

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  /** @throws RpcError for what was not taken, saying why and whether to try again. */
  async take(messageId: string, ask: ChatAsk, place: Place, credential: WebCredential): Promise<Taken> {
    const host = this.host();
    const files = await this.#filesOf(ask);
    const fingerprint = fingerprintOf(ask, place.sessionKey);
    const known = this.#parts.exchanges.find(messageId);
    if (known !== undefined) {
      if (known.fingerprint !== undefined && known.fingerprint !== fingerprint) throw anotherMessage();
      const wasOver = known.over !== undefined;
      await known.taken;
      return { exchange: known, wasOver };
    }
    const exchange = this.#parts.exchanges.offer(messageId, place.sessionKey, fingerprint);
    const offered = this.#offer(exchange, ask, place, credential, files, host);
    exchange.taken = offered.then(() => undefined);
    // Whoever asks again meanwhile learns of it too; often nobody does.
    exchange.taken.catch(() => undefined);
    return { exchange, wasOver: await offered };
  }

  /** @throws RpcError `unavailable` as long as no gateway has this door. */
  host(): PlatformHost {
    const host = this.#parts.host();
    if (host === undefined) throw new RpcError("unavailable", "The gateway is not ready yet", { retryAfterMs });
    return host;
  }

  /** Whether the answer was over before. */
  async #offer(
    exchange: Exchange,
    { text }: ChatAsk,
    place: Place,
    credential: WebCredential,
    files: readonly File[],
    host: PlatformHost,
  ): Promise<boolean> {
    const { exchanges, clock } = this.#parts;
    const { messageId, sessionKey } = exchange;
    const at = new Date(clock.now()).toISOString();
    const wasBusy = exchanges.isBusy(sessionKey);
    const attachments = files.map(({ attachment }) => attachment);
    const refusals = exchanges.refusals(messageId);
    // The gateway remembers also what it refused: tried again it is another event of the same message.
    const eventId = refusals === 0 ? messageId : `${messageId}~${refusals}`;
    const event = toMessage({ eventId, messageId, place, credential, text, attachments, at });
    const [acceptance = "refused"] = await host.accept([event]).catch((cause: unknown) => {
      exchanges.giveUp(exchange);
      throw new RpcError("unavailable", "The message could not be stored; send it again later", { retryAfterMs, cause });
    });
    switch (acceptance) {
      case "stored":
        exchange.begin({
          type: "chat.message",
          message_id: messageId,
          text,
          timestamp: at,
          ...authorIn(place, credential),
          ...(files.length === 0 ? {} : { attachments: files.map(({ shown }) => shown) }),
        });
        return false;
      case "duplicate":
        return await this.#recall(exchange);
      case "refused":
        exchanges.refuse(exchange);
        throw wasBusy
          ? new RpcError("unavailable", "The message was not taken: too many wait in this conversation", { retryAfterMs })
          : new RpcError("forbidden", `The gateway does not let ${credential.userId} in`);
    }
  }

  /** An earlier process took it. Whether its answer is over. */
  async #recall(exchange: Exchange): Promise<boolean> {
    const { exchanges, options } = this.#parts;
    const answer = await options.answerOf?.(exchange.messageId).catch((cause: unknown) => {
      exchanges.giveUp(exchange);
      throw new RpcError("unavailable", "What became of this message cannot be read now", { retryAfterMs, cause });
    });
    exchange.isWhole = false;
    const isNew = exchange.over === undefined;
    exchange.begin();
    if (!isNew || answer?.kind === "open") return false;
    if (answer === undefined) {
      exchanges.giveUp(exchange);
      throw new RpcError(
        "conflict",
        "This message was offered before, and of its answer nothing is known here: read the history, or use a new key",
      );
    }
    exchanges.end(exchange, answer, { tell: false });
    return true;
  }

  async #filesOf({ attachments: ids = [] }: ChatAsk): Promise<readonly File[]> {
    const { uploads } = this.#parts.options;
    if (ids.length > maxAttachments) {
      throw new RpcError("invalid-params", `A message has at most ${maxAttachments} attachments`, { field: "attachments" });
    }
    const files: File[] = [];
    for (const id of ids) {
      const upload = await uploads?.find(id);
      if (upload === undefined) {
        throw new RpcError("not-found", `There is no upload ${JSON.stringify(id)}`, { field: "attachments" });
      }
      const { kind, name, mimeType, sizeBytes, path } = upload;
      files.push({
        attachment: { kind, ticket: { upload: id }, name, mimeType, sizeBytes },
        shown: { kind, name, mime_type: mimeType, size: sizeBytes, path },
      });
    }
    return files;
  }
}

interface File {
  readonly attachment: Attachment;
  readonly shown: ChatAttachment;
}

function anotherMessage(): RpcError {
  return new RpcError("conflict", "Another message was sent under this key: a new message needs a key of its own", {
    field: "idempotency_key",
  });
}

/** In one's own conversation there is no need to say who it was. */
function authorIn({ chat }: Place, { userId, userName }: WebCredential): { readonly author?: string } {
  const [owner] = chat.ref.chatId.split(".");
  return owner === userId ? {} : { author: userName ?? userId };
}
