/** What ends a call early, as far as it is listened to: grammY knows only an older class of an `AbortSignal`. */
export interface HttpSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A call without an answer. `sent` says whether Telegram may have received it. */
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

/** The code of a network error, or else its name. */
export function codeOf(error: Error): string {
  const code: unknown = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : error.name;
}
