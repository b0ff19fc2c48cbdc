import { describe, expect, it } from "vitest";
import { isPlatformError, PlatformError, toPlatformError, type Failure } from "@hermes/core";

function failing(failure: Failure, maybeDone?: boolean): PlatformError {
  return new PlatformError({
    platform: "telegram",
    failure,
    message: "Cannot send",
    ...(maybeDone === undefined ? {} : { maybeDone }),
  });
}

describe("A PlatformError", () => {
  it("says who it comes from", () => {
    expect(failing({ kind: "forbidden" }).message).toBe("[telegram] Cannot send");
  });

  it("may have happened all the same when nobody answered, unless it is known that it did not", () => {
    for (const kind of ["unavailable", "aborted"] as const) {
      expect(failing({ kind }).maybeDone).toBe(true);
      expect(failing({ kind }, false).maybeDone).toBe(false);
    }
    for (const kind of ["too-long", "forbidden", "unauthorized", "conflict", "invalid", "rate-limited"] as const) {
      expect(failing({ kind }).maybeDone, kind).toBe(false);
    }
  });

  it("keeps its cause", () => {
    const cause = new Error("socket");
    expect(new PlatformError({ platform: "x", failure: { kind: "unavailable" }, message: "m", cause }).cause).toBe(cause);
  });

  it("is recognised when it comes from another copy of this package", async () => {
    // A query makes it a module of its own, as a second installed copy would be.
    const path = "../src/platform-error.ts?copy";
    const copy = (await import(path)) as { readonly PlatformError: typeof PlatformError };
    const foreign = new copy.PlatformError({ platform: "x", failure: { kind: "invalid" }, message: "m" });
    expect(foreign).not.toBeInstanceOf(PlatformError);
    expect(isPlatformError(foreign)).toBe(true);
    expect(toPlatformError(foreign, "y")).toBe(foreign);
  });

  it("is not what merely looks like one", () => {
    for (const value of [
      undefined,
      null,
      "PlatformError",
      new Error("x"),
      { name: "PlatformError", failure: { kind: "invalid" } },
    ]) {
      expect(isPlatformError(value)).toBe(false);
    }
  });

  it("stands in for whatever else an adapter throws, without its words", () => {
    const error = toPlatformError(new TypeError("https://api.example/bot123456:SECRET failed"), "telegram");
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: true });
    expect(error.message).toBe("[telegram] The adapter threw TypeError instead of a PlatformError");
  });
});
