import { describe, expect, test } from "vitest";
import { isPlatformError, PlatformError, toPlatformError, type Failure } from "../src/index.ts";

interface Copy {
  readonly PlatformError: typeof PlatformError;
  readonly isPlatformError: typeof isPlatformError;
}

const failures: readonly (readonly [Failure, boolean])[] = [
  [{ kind: "rate-limited", retryAfterMs: 1000 }, false],
  [{ kind: "too-long" }, false],
  [{ kind: "not-modified" }, false],
  [{ kind: "not-found", what: "message" }, false],
  [{ kind: "forbidden" }, false],
  [{ kind: "unauthorized" }, false],
  [{ kind: "conflict" }, false],
  [{ kind: "invalid" }, false],
  [{ kind: "unavailable" }, true],
  [{ kind: "aborted" }, true],
];

function errorOf(failure: Failure, maybeDone?: boolean): PlatformError {
  return new PlatformError({
    platform: "telegram",
    failure,
    message: "Cannot send to chat 42",
    ...(maybeDone === undefined ? {} : { maybeDone }),
  });
}

describe("A platform error", () => {
  test.each(failures)("of kind $kind may have been done: %s", (failure, maybeDone) => {
    expect(errorOf(failure).maybeDone).toBe(maybeDone);
    expect(errorOf(failure, !maybeDone).maybeDone).toBe(!maybeDone);
  });

  test("says who, and keeps the cause", () => {
    const cause = new Error("socket closed");
    const error = new PlatformError({
      platform: "telegram",
      failure: { kind: "unavailable" },
      message: "Cannot send to chat 42",
      cause,
    });
    expect(error.message).toBe("[telegram] Cannot send to chat 42");
    expect(error.name).toBe("PlatformError");
    expect(error.cause).toBe(cause);
    expect("cause" in errorOf({ kind: "invalid" })).toBe(false);
  });

  test("is recognised when another copy of the package threw it", async () => {
    const path = "../src/platform-error.ts?second-copy";
    const copy = (await import(/* @vite-ignore */ path)) as Copy;
    const foreign = new copy.PlatformError({ platform: "matrix", failure: { kind: "too-long" }, message: "Cannot send" });
    expect(copy.PlatformError).not.toBe(PlatformError);
    expect(foreign).not.toBeInstanceOf(PlatformError);
    expect(isPlatformError(foreign)).toBe(true);
    expect(toPlatformError(foreign, "telegram")).toBe(foreign);
    expect(copy.isPlatformError(errorOf({ kind: "invalid" }))).toBe(true);
  });

  test.each([undefined, null, 1, "PlatformError", {}, { name: "PlatformError" }, new Error("x")])("is not %o", (value) => {
    expect(isPlatformError(value)).toBe(false);
  });

  test("stands for whatever else an adapter throws: it may have been done", () => {
    const error = toPlatformError(new TypeError("Cannot read properties of undefined"), "telegram");
    expect(error).toMatchObject({ platform: "telegram", failure: { kind: "unavailable" }, maybeDone: true });
    expect(error.message).toBe("[telegram] The adapter threw TypeError instead of a PlatformError");
    expect(toPlatformError("text", "telegram").message).toContain("threw string");
  });

  test("does not repeat the words of what it stands for: they may hold a secret", () => {
    const error = toPlatformError(new Error("https://api.example.test/bot123456:FAKE-TOKEN-FOR-TESTS/send failed"), "telegram");
    expect(error.message).not.toContain("FAKE-TOKEN");
  });

  test("is not wrapped again, so that its message names the platform once", () => {
    const error = toPlatformError(toPlatformError(errorOf({ kind: "invalid" }), "telegram"), "telegram");
    expect(error.message).toBe("[telegram] Cannot send to chat 42");
  });
});
