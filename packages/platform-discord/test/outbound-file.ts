import type { OutboundFile } from "@hermes/core";

/** A file of these bytes; how often it was opened is counted. */
export class TestFile implements OutboundFile {
  readonly kind: OutboundFile["kind"];
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  opened = 0;
  readonly #bytes: Uint8Array;

  constructor(
    kind: OutboundFile["kind"],
    mimeType: string,
    bytes: Uint8Array,
    claimed: { name?: string; sizeBytes?: number } = {},
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
