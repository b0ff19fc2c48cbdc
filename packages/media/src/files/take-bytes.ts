import { isPlatformError, type Attachment, type Turn } from "@hermes/core";
import { MediaFailure } from "../media-failure.ts";
import { within, type TimeLimit } from "../time-limit.ts";

/** What to fetch, and until when. */
export interface Fetching {
  readonly turn: Pick<Turn, "download">;
  readonly attachment: Attachment;
  /** A larger file is refused. */
  readonly maxBytes: number;
  readonly limit: TimeLimit;
}

/** The bytes of a file as they come, out of the gateway's own guarded room; nothing else is ever asked for them. Throws `MediaFailure`. */
export async function* bytesOf({ turn, attachment, maxBytes, limit }: Fetching): AsyncGenerator<Uint8Array, void, undefined> {
  let sizeBytes = 0;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    reader = (await opened({ turn, attachment, maxBytes, limit })).getReader();
    for (;;) {
      const { done, value } = await within(limit, reader.read());
      if (done) return;
      sizeBytes += value.byteLength;
      if (sizeBytes > maxBytes) throw new MediaFailure({ kind: "too-large", maxBytes });
      yield value;
    }
  } catch (error) {
    throw fetchFailure(error, maxBytes);
  } finally {
    // Whoever has read enough closes the source; that it cannot be closed changes nothing any more.
    void reader?.cancel().catch(() => undefined);
  }
}

async function opened({ turn, attachment, maxBytes, limit }: Fetching): Promise<ReadableStream<Uint8Array>> {
  limit.check();
  const download = turn.download(attachment, { maxBytes });
  try {
    return await within(limit, download);
  } catch (error) {
    // One that comes when nobody waits any more is closed.
    void closeLate(download);
    throw error;
  }
}

async function closeLate(download: Promise<ReadableStream<Uint8Array>>): Promise<void> {
  try {
    await (await download).cancel();
  } catch {
    // It did not come after all, or is closed already.
  }
}

/** All bytes of a file at once. */
export async function takeBytes(fetching: Fetching): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(fetching)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The first `wantedBytes` of a file, and whether there are more. */
export async function takeHead(
  fetching: Fetching,
  wantedBytes: number,
): Promise<{ readonly bytes: Uint8Array; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of bytesOf(fetching)) {
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes > wantedBytes) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, wantedBytes), isWhole: sizeBytes <= wantedBytes };
}

function fetchFailure(error: unknown, maxBytes: number): MediaFailure {
  if (error instanceof MediaFailure) return error;
  if (!isPlatformError(error)) return new MediaFailure({ kind: "not-fetched" }, error);
  switch (error.failure.kind) {
    case "too-long":
      return new MediaFailure({ kind: "too-large", maxBytes }, error);
    case "not-found":
      return new MediaFailure({ kind: "gone" }, error);
    case "aborted":
      return new MediaFailure({ kind: "stopped" }, error);
    default:
      return new MediaFailure({ kind: "not-fetched" }, error);
  }
}
