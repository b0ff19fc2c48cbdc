import type { Attachment } from "@hermes/core";
import type { Caller, ChatOutcome, Handlers, Scope } from "@hermes/protocol";

/** Who somebody is, by what they showed. */
export interface WebCredential {
  /** A stable name of the credential, safe to log. */
  readonly id: string;
  /** 1 to 64 of `A-Z a-z 0-9 _ -`. */
  readonly userId: string;
  readonly userName?: string;
  readonly scope: Scope;
  /** Aborted when the credential is no longer good: its sockets are closed then (code 4401). */
  readonly ended: AbortSignal;
}

/** A connection that stays open. */
export interface WebConnection {
  readonly id: string;
}

/** Who asks a method: with `connection` where it stays open. */
export interface WebCaller extends Caller {
  readonly credential: WebCredential | undefined;
  readonly connection?: WebConnection;
}

/** What this door serves itself. */
export type OwnMethod = "chat.send" | "chat.send_stream" | "chat.stop" | "session.subscribe" | "session.unsubscribe";

/** What became of a message that an earlier process took: its answer is on its way, or this is all of it. */
export type KnownAnswer =
  | { readonly kind: "open" }
  | { readonly kind: "over"; readonly text: string; readonly outcome: ChatOutcome; readonly atMs: number };

/** A file that was uploaded to the gateway. */
export interface Upload {
  readonly kind: Attachment["kind"];
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Where a browser gets it, on this gateway. */
  readonly path: string;
}

/** Files that were uploaded to the gateway, by the ids it gave them. */
export interface Uploads {
  find(id: string): Promise<Upload | undefined>;
  open(id: string): Promise<ReadableStream<Uint8Array>>;
}

/** Numbers that bound the door. */
export interface WebLimits {
  /** Sockets at once. Default 1000. */
  readonly maxConnections: number;
  /** Requests of one connection within a minute. Default 100. */
  readonly messagesPerMinute: number;
  /** Bytes of one message. Default 1 048 576. */
  readonly maxMessageBytes: number;
  /** Requests of one connection that are worked on at once; more are not read for now. Default 16. */
  readonly maxInFlight: number;
  /** Bytes that may wait for one connection to read them; beyond that it is closed (code 4408). Default 4 MiB. */
  readonly maxUnsentBytes: number;
  /** `chat.send` of one credential that wait for their answers at once. Default 64. */
  readonly maxWaitingSends: number;
  /** Conversations that one connection follows. Default 100. */
  readonly maxSubscriptions: number;
  /** Messages on their way to an answer at once. Default 20 000. */
  readonly maxOpenMessages: number;
  /** Events kept of one conversation for whoever comes back. Default 2000. */
  readonly keptEvents: number;
  /** Bytes of them, in one conversation. Default 512 KiB. */
  readonly keptBytes: number;
  /** Bytes of them, in all conversations. Default 32 MiB. */
  readonly keptBytesInAll: number;
}

export interface WebOptions {
  /** The instance's id. Default `web`. */
  readonly id?: string;
  /** The credential a request showed; undefined: none. A wrong one never gets here. */
  readonly authenticate: (request: Request) => WebCredential | undefined;
  /** Serves what this door does not serve itself. */
  readonly handlers: Omit<Handlers<WebCaller>, OwnMethod>;
  /** What became of a message an earlier process took, by its id. Default: nothing is known. */
  readonly answerOf?: (messageId: string) => Promise<KnownAnswer | undefined>;
  /** Default: no files. */
  readonly uploads?: Uploads;
  readonly limits?: Partial<WebLimits>;
}

const defaults: WebLimits = {
  maxConnections: 1000,
  messagesPerMinute: 100,
  maxMessageBytes: 1024 * 1024,
  maxInFlight: 16,
  maxUnsentBytes: 4 * 1024 * 1024,
  maxWaitingSends: 64,
  maxSubscriptions: 100,
  maxOpenMessages: 20_000,
  keptEvents: 2000,
  keptBytes: 512 * 1024,
  keptBytesInAll: 32 * 1024 * 1024,
};

/**
 * Every limit, with its default where none is given.
 *
 * @throws TypeError for a number that would stop the door from working.
 */
export function completeLimits(limits: Partial<WebLimits> = {}): WebLimits {
  const complete = { ...defaults, ...limits };
  for (const [name, value] of Object.entries(complete)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TypeError(`limits.${name}: expected a whole number of at least 1, got ${value}`);
  }
  return complete;
}
