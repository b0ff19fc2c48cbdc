import { describe, expect, it } from "vitest";
import { conformanceCases, type CaseName } from "./cases.ts";
import type { PlatformHarness } from "./harness.ts";
import { runCase } from "./run-case.ts";

/** Cases that a platform does not pass, each with the reason. */
export type CaseExceptions = Readonly<Partial<Record<CaseName, string>>>;

/**
 * The conformance suite as tests: one call in `test/conformance.test.ts` of a platform package. What has nothing to check is skipped
 * with what is missing; what is excepted has to fail, or the exception has to go.
 */
export function describePlatform(
  name: string,
  harness: PlatformHarness,
  options: { readonly except?: CaseExceptions } = {},
): void {
  const except = options.except ?? {};
  describe(`${name} keeps the contract:`, () => {
    it("exceptions name cases that there are, and say why", () => {
      const names = new Set<string>(conformanceCases.map((known) => known.name));
      for (const [excepted, reason] of Object.entries(except)) {
        expect(names, `there is no case "${excepted}"`).toContain(excepted);
        expect(reason.trim(), `"${excepted}" is excepted without a reason`).not.toBe("");
      }
    });
    for (const one of conformanceCases) {
      const reason = except[one.name];
      it(reason === undefined ? one.name : `${one.name} (not here: ${reason})`, async ({ skip }) => {
        const result = await runCase(harness, one);
        if (reason !== undefined)
          expect(result.outcome, "this case is excepted, and does not fail: take the exception out").toBe("failed");
        else if (result.outcome === "not-applicable") skip(result.why);
        else if (result.outcome === "failed") throw result.error;
      });
    }
  });
}
