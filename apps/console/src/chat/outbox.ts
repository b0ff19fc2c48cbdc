import { isRpcError, type ChatAttachment, type Client } from "@hermes/protocol";
import { isConnectionLost } from "../connection/connection-lost.ts";
import { createStore, type Store } from "../connection/store.ts";
import { keep, type TextStorage } from "../connection/text-storage.ts";
import type { Uploaded } from "../connection/upload.ts";

/** A message the gateway has not said yes to. */
export interface OutgoingMessage {
  /** The same whenever it is sent again: the gateway takes it once. */
  readonly key: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly attachments: readonly Uploaded[];
  readonly writtenAtMs: number;
  /** Why it was refused, a full sentence; not there while it is on its way. */
  readonly refusal?: string;
}

/** A message the gateway took. */
export interface AcceptedMessage {
  readonly messageId: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly attachments: readonly ChatAttachment[];
  readonly writtenAtMs: number;
}

export interface OutboxOptions {
  readonly client: Pick<Client, "call">;
  /** Keeps messages over a reload of the page. */
  readonly storage: TextStorage;
  /** Whose messages these are: somebody else in this tab sends none of them. */
  readonly user: string;
  readonly newKey: () => string;
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => void;
  readonly onAccepted: (message: AcceptedMessage) => void;
}

/** Sends messages in order, again and again with the same key until the gateway has said yes or no. */
export interface Outbox {
  readonly messages: Store<readonly OutgoingMessage[]>;
  send(message: Pick<OutgoingMessage, "sessionKey" | "text" | "attachments">): void;
  /** To be called whenever the connection is open. */
  flush(): void;
  /** Tries a refused message once more. */
  retry(key: string): void;
  discard(key: string): void;
}

const pauseMs = 2_000;

/** Begins with what an earlier page of this tab left. */
export function createOutbox(options: OutboxOptions): Outbox {
  const storageName = `hermes.outbox:${encodeURIComponent(options.user)}`;
  const messages = createStore<readonly OutgoingMessage[]>(restore(options.storage.getItem(storageName)));
  const busy = new Set<string>();

  function change(next: readonly OutgoingMessage[]): void {
    messages.set(next);
    keep(options.storage, storageName, next.length === 0 ? "" : JSON.stringify(next));
  }

  function flush(): void {
    const sessions = new Set(messages.get().map(({ sessionKey }) => sessionKey));
    for (const session of sessions) void drain(session);
  }

  /** One conversation's messages go one after the other: order is what was meant. Failures are kept with the message. */
  async function drain(session: string): Promise<void> {
    if (busy.has(session)) return;
    busy.add(session);
    let goesOn = true;
    while (goesOn) {
      const next = messages.get().find(({ sessionKey, refusal }) => sessionKey === session && refusal === undefined);
      goesOn = next !== undefined && (await attempt(next));
    }
    busy.delete(session);
  }

  async function attempt(message: OutgoingMessage): Promise<boolean> {
    try {
      const { message_id } = await options.client.call("chat.send_stream", {
        text: message.text,
        session_key: message.sessionKey,
        idempotency_key: message.key,
        ...(message.attachments.length === 0 ? {} : { attachments: message.attachments.map(({ id }) => id) }),
      });
      options.onAccepted({ ...message, messageId: message_id });
      discard(message.key);
      return true;
    } catch (error) {
      return failed(message, error);
    }
  }

  /** Whether the next one may be tried at once. */
  function failed(message: OutgoingMessage, error: unknown): boolean {
    if (isConnectionLost(error)) return false;
    if (isRpcError(error) && (error.kind === "rate-limited" || error.kind === "unavailable")) {
      options.after(error.retryAfterMs ?? pauseMs, flush);
      return false;
    }
    const refusal = error instanceof Error ? error.message : String(error);
    change(messages.get().map((other) => (other.key === message.key ? { ...other, refusal } : other)));
    return true;
  }

  function discard(key: string): void {
    change(messages.get().filter((other) => other.key !== key));
  }

  return {
    messages,
    flush,
    discard,
    send(message) {
      change([...messages.get(), { ...message, key: options.newKey(), writtenAtMs: options.now() }]);
      void drain(message.sessionKey);
    },
    retry(key) {
      change(messages.get().map((message) => (message.key === key ? withoutRefusal(message) : message)));
      flush();
    },
  };
}

function withoutRefusal({ key, sessionKey, text, attachments, writtenAtMs }: OutgoingMessage): OutgoingMessage {
  return { key, sessionKey, text, attachments, writtenAtMs };
}

function restore(kept: string | null): readonly OutgoingMessage[] {
  try {
    const value: unknown = JSON.parse(kept ?? "[]");
    return Array.isArray(value) ? value.filter(isOutgoing) : [];
  } catch {
    return [];
  }
}

function isOutgoing(value: unknown): value is OutgoingMessage {
  if (typeof value !== "object" || value === null) return false;
  const { key, sessionKey, text, attachments, writtenAtMs } = value as Readonly<Record<string, unknown>>;
  const isText = [key, sessionKey, text].every((member) => typeof member === "string");
  return isText && typeof writtenAtMs === "number" && Array.isArray(attachments) && attachments.every(hasId);
}

function hasId(value: unknown): boolean {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}
