const marker = Symbol.for("hermes.target-error");

/**
 * Why a target leads nowhere.
 *
 * - `malformed`: it is not written as targets are.
 * - `unknown-platform`: no platform is called so.
 * - `no-origin`: `origin` was meant, and nobody asked from a chat.
 * - `no-home`: the platform has no home channel, or with `all` none has.
 * - `no-chat`: what stands behind the platform is no chat of it.
 * - `unknown-name`: no chat that is known there is called so.
 * - `ambiguous-name`: more than one is.
 */
export type TargetErrorCode =
  | "malformed"
  | "unknown-platform"
  | "no-origin"
  | "no-home"
  | "no-chat"
  | "unknown-name"
  | "ambiguous-name";

/** A target that leads nowhere; the message says what is wrong with it and what to do. */
export class TargetError extends Error {
  override readonly name = "TargetError";
  readonly [marker] = true;
  readonly code: TargetErrorCode;

  constructor(code: TargetErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Recognises a `TargetError`, also one of another copy of this package. */
export function isTargetError(value: unknown): value is TargetError {
  return typeof value === "object" && value !== null && (value as { readonly [marker]?: unknown })[marker] === true;
}
