import type { Reading } from "../cache/reading.ts";
import type { SpooledFile } from "../files/spool.ts";

/** Somebody who writes down what is said in recordings. */
export interface Transcriber {
  /** What its transcripts depend on beside the recording; never a secret. */
  readonly identity: string;
  /** How long one recording may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Throws `MediaFailure`. */
  transcribe(file: SpooledFile, signal: AbortSignal): Promise<Reading>;
}
