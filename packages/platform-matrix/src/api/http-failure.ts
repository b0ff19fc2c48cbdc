/** A call without an answer. `sent` says whether the homeserver may have received it. */
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

/** The failure in what the SDK threw: it wraps the network's in errors of its own. */
export function httpFailureIn(error: unknown): HttpFailure | undefined {
  let inner = error;
  for (let depth = 0; depth < 5 && inner instanceof Error; depth += 1) {
    if (inner instanceof HttpFailure) return inner;
    inner = inner.cause;
  }
  return undefined;
}
