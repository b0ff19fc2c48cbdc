/** A call without an answer. `sent` says whether Slack may have received it. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";
  readonly code: string;
  readonly sent: boolean;

  constructor(code: string, sent: boolean) {
    super(`No answer: ${code}`);
    this.code = code;
    this.sent = sent;
  }
}

/** A file could not be read as it was announced: nothing of the call took effect. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
  /** It is gone or another one by now: trying again is of no use. */
  readonly isFinal: boolean;

  constructor(why: string, isFinal: boolean, cause?: unknown) {
    super(why, cause === undefined ? undefined : { cause });
    this.isFinal = isFinal;
  }
}

/** The code of a network error, or else its name. */
export function codeOf(error: Error): string {
  const code: unknown = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : error.name;
}
