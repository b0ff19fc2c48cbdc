import type { OutboundFile, OutboundMessage } from "@hermes/core";

/** A file of these bytes on its way out; how often it was opened is counted. */
export class CountedFile implements OutboundFile {
  readonly kind: OutboundFile["kind"];
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  opened = 0;
  readonly #bytes: Uint8Array;

  /** `claimed`: what it says of itself, true or not. */
  constructor(
    kind: OutboundFile["kind"],
    mimeType: string,
    bytes: Uint8Array,
    claimed: { readonly name?: string; readonly sizeBytes?: number } = {},
  ) {
    this.kind = kind;
    this.mimeType = mimeType;
    this.name = claimed.name ?? `file.${mimeType.split("/")[1]}`;
    this.sizeBytes = claimed.sizeBytes ?? bytes.length;
    this.#bytes = bytes;
  }

  async open(): Promise<ReadableStream<Uint8Array>> {
    this.opened += 1;
    return new Blob([new Uint8Array(this.#bytes)]).stream();
  }
}

/** A message of files, with a caption. */
export function carrying(files: readonly OutboundFile[], ...texts: readonly string[]): OutboundMessage {
  return { texts, files, actions: [] };
}
