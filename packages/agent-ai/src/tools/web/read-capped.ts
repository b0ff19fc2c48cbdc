/** A body as far as it is read. */
export interface CappedBody {
  readonly bytes: Uint8Array;
  /** There was more. */
  readonly isCut: boolean;
}

/** Reads a body until it ends or has `maxBytes`; what comes after that is not read. */
export async function readCapped(answer: Response, maxBytes: number, signal: AbortSignal): Promise<CappedBody> {
  if (answer.body === null) return { bytes: new Uint8Array(), isCut: false };
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array> = answer.body.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(ignore);
  signal.addEventListener("abort", stop, { once: true });
  try {
    while (size < maxBytes) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return { bytes: Buffer.concat(chunks), isCut: false };
      chunks.push(value.subarray(0, maxBytes - size));
      size += value.byteLength;
    }
    return { bytes: Buffer.concat(chunks), isCut: true };
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** A stream that is given up may say so; nobody asks it any more. */
function ignore(): void {}
