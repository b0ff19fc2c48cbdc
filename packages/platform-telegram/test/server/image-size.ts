import { badRequest } from "./bot-api-error.ts";

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** "The photo's width and height must not exceed 10000 in total. Width and height ratio must be at most 20" (sendPhoto). */
const maxSum = 10_000;
const maxRatio = 20;

/**
 * The size of a PNG, read as Telegram would.
 *
 * @throws BotApiError for anything else, and for a size that no photo may have.
 */
export function photoSize(bytes: Uint8Array): ImageSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24 || view.getUint32(0) !== 0x89504e47) throw badRequest("IMAGE_PROCESS_FAILED");
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  const ratio = Math.max(size.width / size.height, size.height / size.width);
  if (size.width + size.height > maxSum || ratio > maxRatio) throw badRequest("PHOTO_INVALID_DIMENSIONS");
  return size;
}

/** The beginning of a PNG of that size, which is all that is looked at. */
export function png(width: number, height: number, sizeBytes = 64): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x89504e47);
  view.setUint32(4, 0x0d0a1a0a);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}
