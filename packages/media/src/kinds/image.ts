import { createHash } from "node:crypto";
import type { Attachment, Clock } from "@hermes/core";
import { maxReadingLength, type Reading } from "../cache/reading.ts";
import { remembered, type Memory } from "../cache/remembered.ts";
import type { Describer } from "../description/describer.ts";
import { imageKind } from "../files/image-kind.ts";
import { takeBytes } from "../files/take-bytes.ts";
import { MediaFailure } from "../media-failure.ts";
import { quoted, quotedName } from "../text/clean.ts";
import { timeLimit } from "../time-limit.ts";
import type { Occasion, Reader } from "./reader.ts";

const maxBytes = 10_000_000;
const fetchTimeoutMs = 60_000;
const maxDescriptionLength = 4000;

/** What pictures are read with. */
export interface ImageParts {
  readonly describer: Describer;
  readonly memory: Memory;
  readonly clock: Clock;
}

/** Pictures, as a model describes them, for agents that do not see. The same picture is described once. */
export function imageReader(parts: ImageParts): Reader {
  return {
    what: "picture",
    async read(attachment, occasion) {
      const { text } = await describePicture(attachment, "image", occasion, parts);
      return `[${nameOf(attachment)}, as a model describes it] ${quotedDescription(text)}`;
    },
    failed: (attachment, reason) => `[${nameOf(attachment)} that could not be described: ${reason}]`,
  };
}

/** What a model says of a picture. Throws `MediaFailure`. */
export async function describePicture(
  attachment: Attachment,
  as: "image" | "sticker",
  { turn, signal }: Occasion,
  { describer, memory, clock }: ImageParts,
): Promise<Reading> {
  using limit = timeLimit(fetchTimeoutMs, clock, signal);
  const bytes = await takeBytes({ turn, attachment, maxBytes, limit });
  const mimeType = imageKind(bytes);
  if (mimeType === undefined) throw new MediaFailure({ kind: "unknown-format" });
  const key = [as, describer.identity, createHash("sha256").update(bytes).digest("hex")].join("\n");
  return await remembered(memory, key, signal, async () => {
    const { text } = await describer.describe({ bytes, mimeType }, as, signal);
    return { text: text.slice(0, maxReadingLength).toWellFormed() };
  });
}

/** A description between quotation marks: what a picture says is the picture's, not the sender's. */
export function quotedDescription(text: string): string {
  return quoted(text, maxDescriptionLength);
}

function nameOf({ name }: Attachment): string {
  const called = quotedName(name);
  return called === undefined ? "picture" : `picture ${called}`;
}
