import { NotApplicable, type ConformanceCase } from "./case.ts";
import type { PlatformHarness } from "./harness.ts";
import { Stage } from "./stage.ts";

/** What a case found. */
export type CaseResult =
  | { readonly outcome: "passed" }
  | { readonly outcome: "not-applicable"; readonly why: string }
  | { readonly outcome: "failed"; readonly error: unknown };

/** Plays one case on a server of its own. Never rejects: what goes wrong, the tidying up included, is its result. */
export async function runCase(harness: PlatformHarness, one: ConformanceCase): Promise<CaseResult> {
  let stage: Stage | undefined;
  let result: CaseResult = { outcome: "passed" };
  try {
    stage = await Stage.open(harness);
    await one.check(stage);
  } catch (error) {
    result = error instanceof NotApplicable ? { outcome: "not-applicable", why: error.message } : { outcome: "failed", error };
  }
  try {
    await stage?.close();
  } catch (error) {
    if (result.outcome !== "failed") result = { outcome: "failed", error };
  }
  return result;
}
