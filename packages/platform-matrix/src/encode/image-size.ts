import type { OutboundFile } from "@hermes/core";

/** How large a picture is shown, in pixels. */
export interface ImageSize {
  readonly w: number;
  readonly h: number;
}

/** A JPEG says it behind what cameras write before the picture. */
const maxHeadBytes = 64 * 1024;

/** The same file, of which the beginning is kept while it is read: clients that know a picture's size lay it out before it is loaded. */
export function watched(file: OutboundFile): { readonly file: OutboundFile; readonly size: () => ImageSize | undefined } {
  let head = Buffer.alloc(0);
  const { kind, name, mimeType, sizeBytes } = file;
  const open = async (): Promise<ReadableStream<Uint8Array>> => {
    head = Buffer.alloc(0);
    const tap = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        if (head.length < maxHeadBytes) head = Buffer.concat([head, chunk.subarray(0, maxHeadBytes - head.length)]);
        controller.enqueue(chunk);
      },
    });
    return (await file.open()).pipeThrough(tap);
  };
  return { file: { kind, name, mimeType, sizeBytes, open }, size: () => imageSize(head) };
}

/** The size that a PNG, GIF, WebP or JPEG begins with; undefined for anything else. */
export function imageSize(head: Buffer): ImageSize | undefined {
  try {
    const [w, h] = sizeIn(head) ?? [0, 0];
    return w > 0 && h > 0 ? { w, h } : undefined;
  } catch (error) {
    // It ends before it says so.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function sizeIn(head: Buffer): readonly [number, number] | undefined {
  const magic = head.toString("latin1", 0, 16);
  if (magic.startsWith("\u0089PNG\r\n\u001A\n")) return [head.readUInt32BE(16), head.readUInt32BE(20)];
  if (/^GIF8[79]a/u.test(magic)) return [head.readUInt16LE(6), head.readUInt16LE(8)];
  if (magic.startsWith("\u00FF\u00D8")) return sizeInJpeg(head);
  if (!/^RIFF[^]{4}WEBP/u.test(magic)) return undefined;
  switch (magic.slice(12)) {
    case "VP8X":
      return [head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1];
    case "VP8L":
      return [(head.readUInt32LE(21) & 0x3fff) + 1, ((head.readUInt32LE(21) >> 14) & 0x3fff) + 1];
    default:
      return [head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff];
  }
}

/** From segment to segment until the one that the picture begins with. */
function sizeInJpeg(head: Buffer): readonly [number, number] {
  let at = 2;
  for (;;) {
    const marker = head.readUInt8(at + 1);
    const isStart = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isStart) return [head.readUInt16BE(at + 7), head.readUInt16BE(at + 5)];
    at += 2 + head.readUInt16BE(at + 2);
  }
}
