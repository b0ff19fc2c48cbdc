import type { MessageRef, Origin } from "./address.ts";
import type { Attachment } from "./event.ts";

/** A file on its way out: a handle that opens the stream anew for each try. */
export interface OutboundFile {
  /** Names the bytes where they are kept until the file is delivered; whoever keeps them sets it. */
  readonly key?: string;
  readonly kind: Attachment["kind"];
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  open(): Promise<ReadableStream<Uint8Array>>;
}

/** A button. `token` comes back in an `ActionEvent`. */
export interface Action {
  readonly label: string;
  readonly token: string;
  readonly style?: "primary" | "danger";
}

/** What is to be said, in Markdown, already measured to fit. An adapter never cuts it: it refuses with `too-long`. */
export interface OutboundMessage {
  /** More than one entry only where `capabilities.text.partsPerSend` > 1. */
  readonly texts: readonly string[];
  readonly files: readonly OutboundFile[];
  readonly actions: readonly (readonly Action[])[];
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** The same for every try of one send: platforms that can deduplicate use it. */
  readonly idempotencyKey: string;
  /** The event this answers, with its reply grant while that is good. */
  readonly origin?: Origin;
  readonly quote?: MessageRef;
  readonly silent?: boolean;
  /** User ids that may be pinged; empty = nobody, whatever the text says. */
  readonly mentions: readonly string[];
  readonly visibleTo?: string;
}

/** Every message that one send made, in order. */
export type Sent = readonly [MessageRef, ...MessageRef[]];
