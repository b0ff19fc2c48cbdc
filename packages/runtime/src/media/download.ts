import { PlatformError, type Attachment, type Clock, type Turn } from "@hermes/core";
import type { Connections } from "../connections.ts";

const defaultMaxBytes = 20 * 1024 * 1024;

interface DownloadParts {
  readonly connections: Connections;
  readonly clock: Clock;
}

/** Fetches what somebody sent on `platform`, by its ticket. `signal` ends the wait for a connection and the download. */
export function downloads({ connections, clock }: DownloadParts, platform: string, signal: AbortSignal): Turn["download"] {
  return async (attachment, { maxBytes = defaultMaxBytes } = {}) => {
    const connection = await connections.wait(platform, signal);
    if (connection === undefined) throw failed(platform, attachment, "unavailable", "the platform is not connected");
    if (connection.download === undefined) throw failed(platform, attachment, "invalid", "the platform gives no files");
    if (attachment.expiresAt !== undefined && Date.parse(attachment.expiresAt) <= clock.now())
      throw failed(platform, attachment, "not-found", "its ticket has expired");
    if ((attachment.sizeBytes ?? 0) > maxBytes) throw tooLarge(platform, attachment, maxBytes);
    const bytes = await connection.download(attachment, { maxBytes, signal });
    return bytes.pipeThrough(limit(maxBytes, () => tooLarge(platform, attachment, maxBytes)));
  };
}

/** An adapter may be told a wrong size: what comes is counted. */
function limit(maxBytes: number, refusal: () => PlatformError): TransformStream<Uint8Array, Uint8Array> {
  let sizeBytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) controller.error(refusal());
      else controller.enqueue(chunk);
    },
  });
}

function tooLarge(platform: string, attachment: Attachment, maxBytes: number): PlatformError {
  return failed(platform, attachment, "too-long", `it is larger than ${maxBytes} bytes`);
}

function failed(
  platform: string,
  { kind, name }: Attachment,
  failure: "unavailable" | "invalid" | "too-long" | "not-found",
  why: string,
): PlatformError {
  const what = name === undefined ? `a file of the kind ${kind}` : `the file \`${name.slice(0, 100)}\``;
  return new PlatformError({
    platform,
    failure: failure === "not-found" ? { kind: failure, what: "message" } : { kind: failure },
    message: `Cannot fetch ${what}: ${why}`,
    maybeDone: false,
  });
}
