import { isPlatformError, type Attachment, type Logger, type Turn } from "@hermes/core";
import type { ImageReference } from "../transcript/entry.ts";
import type { ImageStore } from "./images.ts";
import { isNoImage } from "./user-message.ts";

const maxImages = 8;
const maxImageBytes = 5_000_000;

/** The images of a message, kept; and how many could not be taken, so that the model does not think there were none. */
export async function takeImages(
  turn: Turn,
  attachments: readonly Attachment[],
  { images, logger }: { readonly images: ImageStore; readonly logger: Logger },
): Promise<{ readonly kept: readonly ImageReference[]; readonly missed: number }> {
  const all = attachments.filter((attachment) => !isNoImage(attachment));
  const kept: ImageReference[] = [];
  for (const attachment of all.slice(0, maxImages)) {
    const bytes = await bytesOf(turn, attachment, logger);
    const reference = bytes === undefined ? undefined : await images.keep(turn.session.id, bytes);
    if (reference !== undefined) kept.push(reference);
  }
  return { kept, missed: all.length - kept.length };
}

async function bytesOf(turn: Turn, attachment: Attachment, logger: Logger): Promise<Uint8Array | undefined> {
  try {
    const stream = await turn.download(attachment, { maxBytes: maxImageBytes });
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of stream) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxImageBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    turn.signal.throwIfAborted();
    logger.info(`An image was not taken: ${isPlatformError(error) ? error.failure.kind : String(error)}`);
    return undefined;
  }
}
