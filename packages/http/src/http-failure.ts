/** What ends a call early, as far as it is listened to: some libraries know only an older class of an `AbortSignal`. */
export interface HttpSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * A call without a whole answer. `code`: Node's (`ECONNREFUSED`, `ETIMEDOUT` …), `ABORTED`, `CLOSED` or `TOO_LARGE`. `sent` says whether
 * the other side may have received all of the call, and so may have acted on it.
 */
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
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code: unknown = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : error.name;
}

/** How deep a library may wrap what it was thrown. */
const maxDepth = 5;

/** The failure behind what a library threw, where it wraps the network's in errors of its own. */
export function httpFailureIn(error: unknown): HttpFailure | undefined {
  let inner = error;
  for (let depth = 0; depth < maxDepth && inner instanceof Error; depth += 1) {
    if (inner instanceof HttpFailure) return inner;
    inner = inner.cause;
  }
  return undefined;
}
