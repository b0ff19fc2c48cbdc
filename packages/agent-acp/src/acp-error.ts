/**
 * Why something could not be had of an agent.
 *
 * - `not-found`, `not-started`: its program is not there, or did not get as far as saying what it is.
 * - `unsupported`: it speaks no version of the protocol that is spoken here, or not the protocol.
 * - `login-required`: somebody has to log in to it first.
 * - `ended`: its process is over, and with it whatever was asked of it.
 * - `timed-out`: it took longer than it may.
 * - `refused`: it answered with an error.
 * - `closed`: it is being shut down here.
 */
export type AcpErrorCode =
  | "not-found"
  | "not-started"
  | "unsupported"
  | "login-required"
  | "ended"
  | "timed-out"
  | "refused"
  | "closed";

/** What an agent did not do, in a sentence that says who, what, why, and what to do. */
export class AcpError extends Error {
  override readonly name = "AcpError";
  readonly code: AcpErrorCode;
  /** Of a refusal: the code of JSON-RPC. */
  readonly rpcCode: number | undefined;

  constructor(code: AcpErrorCode, message: string, options: { readonly rpcCode?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.rpcCode = options.rpcCode;
  }
}

/** Whether it is one, also when it comes from another copy of this package. */
export function isAcpError(error: unknown): error is AcpError {
  return error instanceof Error && error.name === "AcpError" && "code" in error;
}
