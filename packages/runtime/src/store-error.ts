/**
 * Why a store could not do it.
 *
 * - `busy`: another process holds the file.
 * - `read-only`: the file cannot be written.
 * - `full`: its disk does not take writes: no room, no quota, or a fault while writing.
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

/** A refusal in a few words, to stand behind "the store does not take writes". */
export function describeStoreError(code: StoreErrorCode): string {
  switch (code) {
    case "busy":
      return "another program holds the database";
    case "read-only":
      return "its file cannot be written";
    case "full":
      return "the disk is full";
    case "corrupt":
      return "the database is damaged";
    case "newer":
      return "a newer version has written it";
    case "fenced":
      return "another gateway has taken it over";
    case "closed":
      return "it was closed";
    case "unavailable":
      return "see the log";
  }
}

/** How loud a failure is told that concerns one message: a store that refuses is told of once, for all messages, by `StoreHealth`. */
export function levelOf(error: unknown): "debug" | "error" {
  return isStoreError(error) ? "debug" : "error";
}
