import type { Attachment, Input, Logger } from "@hermes/core";
import type { Occasion, Reader } from "./kinds/reader.ts";
import { MediaFailure } from "./media-failure.ts";
import type { Readers } from "./readers.ts";
import { quotedName } from "./text/clean.ts";

/** What one turn is read with. */
export interface TurnReadingOptions {
  readonly readers: Readers;
  readonly occasion: Occasion;
  readonly maxAttachments: number;
  readonly logger: Logger;
}

/** Of those that are not read, so many are named. */
const maxNamed = 20;

/** Reads what comes in one turn, its steering included; all of it shares the turn's limits. */
export class TurnReading {
  readonly #options: TurnReadingOptions;
  #read = 0;

  constructor(options: TurnReadingOptions) {
    this.#options = options;
  }

  /** The input with what its attachments say after its own text, in their order. They stay attached. */
  async enrich(input: Input): Promise<Input> {
    // What was taken back says nothing any more.
    if (input.change?.kind === "deleted") return input;
    const notes: string[] = [];
    const unread: Attachment[] = [];
    for (const attachment of input.attachments) {
      const reader = this.#options.readers.for(attachment);
      if (reader === undefined) continue;
      if (this.#read >= this.#options.maxAttachments) {
        unread.push(attachment);
        continue;
      }
      this.#read += 1;
      notes.push(await this.#note(reader, attachment));
    }
    if (unread.length > 0) notes.push(this.#unreadNote(unread));
    if (notes.length === 0) return input;
    return { ...input, text: [input.text, ...notes].filter((part) => part !== "").join("\n\n") };
  }

  async #note(reader: Reader, attachment: Attachment): Promise<string> {
    try {
      return await reader.read(attachment, this.#options.occasion);
    } catch (error) {
      const failure = error instanceof MediaFailure ? error : new MediaFailure({ kind: "not-kept" }, error);
      if (failure.fault.kind !== "stopped")
        this.#options.logger.warn(`A ${reader.what} was not read: ${failure.message}${codeOf(failure.cause)}`);
      return reader.failed(attachment, failure.message);
    }
  }

  #unreadNote(unread: readonly Attachment[]): string {
    const names = unread.slice(0, maxNamed).map((attachment) => {
      const what = this.#options.readers.for(attachment)?.what ?? attachment.kind;
      const name = quotedName(attachment.name);
      return name === undefined ? what : `${what} ${name}`;
    });
    const more = unread.length > maxNamed ? `, and ${unread.length - maxNamed} more` : "";
    return `[${unread.length} more that were sent and are not read, since there are too many: ${names.join(", ")}${more}]`;
  }
}

/** What a failure is called by its cause: never the cause's own words, which may quote anything. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  return ` (${"code" in cause && typeof cause.code === "string" ? cause.code : cause.name})`;
}
