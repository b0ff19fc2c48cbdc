/**
 * Why a platform did not do what it was asked. A closed union, so that a `switch` over it is checked for completeness.
 *
 * - `rate-limited`: later, after `retryAfterMs` where the platform says; for the chat alone unless `scope` says the whole bot.
 * - `too-long`: refused whole; nothing was cut, nothing sent.
 * - `not-modified`: it already stands there as wanted.
 * - `not-found`: the chat, the thread or the message is gone.
 * - `forbidden`: blocked, muted, without the right.
 * - `unauthorized`: the credentials are wrong; only a person can mend it.
 * - `conflict`: somebody else listens with the same credentials.
 * - `invalid`: the platform will never take this request.
 * - `unavailable`: network, server error, timeout.
 * - `aborted`: our own signal ended it.
 */
export type Failure =
  | { readonly kind: "rate-limited"; readonly retryAfterMs?: number; readonly scope?: "chat" | "bot" }
  | { readonly kind: "too-long" }
  | { readonly kind: "not-modified" }
  | { readonly kind: "not-found"; readonly what: "chat" | "thread" | "message" }
  | { readonly kind: "forbidden" }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "conflict" }
  | { readonly kind: "invalid" }
  | { readonly kind: "unavailable" }
  | { readonly kind: "aborted" };

export interface PlatformErrorOptions {
  /** The platform instance's id. */
  readonly platform: string;
  readonly failure: Failure;
  /** What was tried and why it failed, as a sentence without secrets, full addresses or anybody's text. */
  readonly message: string;
  /** Could it have happened all the same? Default: true for `unavailable` and `aborted`, false for the rest. */
  readonly maybeDone?: boolean;
  readonly cause?: unknown;
}

const marker = Symbol.for("hermes.platform-error");

/** The only error an adapter throws at core. Recognise it with `isPlatformError`: two copies of core may live in one tree. */
export class PlatformError extends Error {
  override readonly name = "PlatformError";
  readonly platform: string;
  readonly failure: Failure;
  readonly maybeDone: boolean;
  readonly [marker] = true;

  constructor(options: PlatformErrorOptions) {
    super(`[${options.platform}] ${options.message}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.platform = options.platform;
    this.failure = options.failure;
    this.maybeDone = options.maybeDone ?? (options.failure.kind === "unavailable" || options.failure.kind === "aborted");
  }
}

/** Whether `value` is a `PlatformError`, also one thrown by another copy of this package. */
export function isPlatformError(value: unknown): value is PlatformError {
  return typeof value === "object" && value !== null && (value as { readonly [marker]?: unknown })[marker] === true;
}

/** Any thrown value as a `PlatformError`: an adapter that throws something else has a fault, and its send may have happened. */
export function toPlatformError(value: unknown, platform: string): PlatformError {
  if (isPlatformError(value)) return value;
  const name = value instanceof Error ? value.name : typeof value;
  return new PlatformError({
    platform,
    failure: { kind: "unavailable" },
    message: `The adapter threw ${name} instead of a PlatformError`,
    cause: value,
  });
}
