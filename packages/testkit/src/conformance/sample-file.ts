import type { Attachment, OutboundFile } from "@hermes/core";
import type { SampleFile } from "./harness.ts";

/** One pixel; a platform may look whether an image is one. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const forms: Readonly<Record<Attachment["kind"], { readonly name: string; readonly mimeType: string }>> = {
  image: { name: "pixel.png", mimeType: "image/png" },
  audio: { name: "sound.mp3", mimeType: "audio/mpeg" },
  voice: { name: "voice.ogg", mimeType: "audio/ogg" },
  video: { name: "film.mp4", mimeType: "video/mp4" },
  sticker: { name: "sticker.webp", mimeType: "image/webp" },
  file: { name: "every byte.bin", mimeType: "application/octet-stream" },
};

/** A file of a kind: a real image, or every byte there is. */
export function sampleFile(kind: Attachment["kind"]): SampleFile {
  const bytes =
    kind === "image" ? new Uint8Array(Buffer.from(png, "base64")) : Uint8Array.from({ length: 256 }, (_, byte) => byte);
  return { kind, ...forms[kind], bytes };
}

/** The same file on its way out, in two pieces. */
export function outboundFile({ kind, name, mimeType, bytes }: SampleFile): OutboundFile {
  return {
    kind,
    name,
    mimeType,
    sizeBytes: bytes.byteLength,
    open: async () =>
      new ReadableStream({
        start(controller) {
          const middle = Math.floor(bytes.byteLength / 2);
          for (const piece of [bytes.slice(0, middle), bytes.slice(middle)]) controller.enqueue(piece);
          controller.close();
        },
      }),
  };
}

/** Everything a stream gives. */
export async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
