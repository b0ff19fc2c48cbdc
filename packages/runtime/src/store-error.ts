/**
 * Why a store could not do it.
 *
 * - `busy`: another process holds the file.
 * - `read-only`, `full`: the file or its disk does not take writes.
 * - `corrupt`: not a database, or a damaged one.
 * - `newer`: written by a newer version of the program.
 * - `fenced`: somebody else has taken the store over.
 * - `closed`: it was closed.
 * - `unavailable`: anything else.
 */
export type StoreErrorCode = "busy" | "read-only" | "full" | "corrupt" | "newer" | "fenced" | "closed" | "unavailable";

const marker = Symbol.for("hermes.store-error");

/** What a store throws. The message says what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;
  readonly [marker] = true;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether `value` is a `StoreError`, also one thrown by another copy of this package. */
export function isStoreError(value: unknown): value is StoreError {
  return typeof value === "object" && value !== null && (value as { readonly [marker]?: unknown })[marker] === true;
}
