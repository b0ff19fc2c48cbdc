/** How a stream ends that is not wanted to its end. */
export interface CountedStreamOptions {
  /** More is not read, whatever was announced. */
  readonly maxBytes: number;
  /** What the stream errors with beyond that. */
  readonly tooLong: () => Error;
  /** What it errors with when its source threw. */
  readonly failed: (error: unknown) => Error;
}

/** What somebody sent as a stream that ends at a limit, and closes its source when nobody reads on. */
export function countedStream(
  source: { chunks(): AsyncGenerator<Uint8Array, void, undefined>; discard(): void },
  { maxBytes, tooLong, failed }: CountedStreamOptions,
): ReadableStream<Uint8Array> {
  const chunks = source.chunks();
  let sizeBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await chunks.next();
        if (next.done === true) return controller.close();
        sizeBytes += next.value.byteLength;
        if (sizeBytes <= maxBytes) return controller.enqueue(next.value);
        source.discard();
        controller.error(tooLong());
      } catch (error) {
        controller.error(failed(error));
      }
    },
    // A generator that nobody began has nothing to close.
    cancel: () => source.discard(),
  });
}
