import { describe, expect, it } from "vitest";
import { conformanceCases } from "./cases.ts";
import { faultyExceptions, judge, type CaseExceptions } from "./exceptions.ts";
import type { PlatformHarness } from "./harness.ts";
import { runCase } from "./run-case.ts";

/**
 * The conformance suite as tests: one call in `test/conformance.test.ts` of a platform package. What has nothing to check is skipped
 * with what is missing; what is excepted is played all the same, and has to fail, or the exception has to go.
 */
export function describePlatform(
  name: string,
  harness: PlatformHarness,
  options: { readonly except?: CaseExceptions } = {},
): void {
  const { except = {} } = options;
  describe(`${name} keeps the contract:`, () => {
    it("what is excepted is a case, and has a reason", () => {
      expect(faultyExceptions(except)).toEqual([]);
    });
    for (const one of conformanceCases) {
      it(one.name, async ({ skip }) => {
        const result = judge(await runCase(harness, one), except[one.name]);
        if (result.outcome === "not-applicable") skip(result.why);
        if (result.outcome === "failed") throw result.error;
      });
    }
  });
}
