import { describe, expect, it } from "vitest";
import { conformanceCases, judge, runCase, type CaseExceptions } from "../../src/cases.ts";
import { faultyExceptions } from "../../src/conformance/exceptions.ts";
import { pigeonHarness } from "../pigeon/harness.ts";

describe("An exception", () => {
  it("turns a failure into something skipped, with the reason", () => {
    const failed = { outcome: "failed", error: new Error("no") } as const;
    expect(judge(failed, "the platform cannot")).toEqual({ outcome: "not-applicable", why: "excepted: the platform cannot" });
    expect(judge(failed, undefined)).toBe(failed);
  });

  it("is a failure where the case passes, or has nothing to check", () => {
    for (const result of [{ outcome: "passed" }, { outcome: "not-applicable", why: "no webhooks" }] as const) {
      expect(judge(result, "out of date")).toMatchObject({
        outcome: "failed",
        error: { message: expect.stringContaining("take the exception out") },
      });
    }
  });

  it("names a case that there is, and has a reason", () => {
    const good: CaseExceptions = { "disconnect may be called twice": "the vendor's client throws" };
    // @ts-expect-error there is no such case
    const unknown: CaseExceptions = { "it is fast": "it is not" };
    expect(faultyExceptions(good)).toEqual([]);
    expect(faultyExceptions(unknown)).toEqual(['There is no case "it is fast"']);
    expect(faultyExceptions({ "disconnect may be called twice": " " })).toEqual([
      '"disconnect may be called twice" is excepted without a reason',
    ]);
  });
});

describe("The suite", () => {
  it("has no two cases of one name", () => {
    expect(new Set(conformanceCases.map(({ name }) => name)).size).toBe(conformanceCases.length);
  });

  it("fails, and does not skip, where the harness lacks what the platform promises", async () => {
    const harness = pigeonHarness("polling", {
      bench: ({ people, ...good }) => ({ ...good, people: { says: people.says } }),
    });
    const one = conformanceCases.find(({ name }) => name === "a pressed button arrives with its token, and is settled");
    const result = one === undefined ? undefined : await runCase(harness, one);
    expect(result).toMatchObject({ outcome: "failed", error: { message: expect.stringContaining("people who press buttons") } });
  });

  it("tells when a server does not start", async () => {
    const [one] = conformanceCases;
    const harness = { start: () => Promise.reject(new Error("no port is free")) };
    const result = one === undefined ? undefined : await runCase(harness, one);
    expect(result).toMatchObject({ outcome: "failed", error: { message: "no port is free" } });
  });
});
