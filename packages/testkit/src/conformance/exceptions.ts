import { conformanceCases, type CaseName } from "./cases.ts";
import type { CaseResult } from "./run-case.ts";

/** Cases that a platform does not pass, each with the reason. */
export type CaseExceptions = Readonly<Partial<Record<CaseName, string>>>;

/** What is wrong with a list of exceptions itself: names of no case, and empty reasons. */
export function faultyExceptions(exceptions: CaseExceptions): readonly string[] {
  const names = new Set<string>(conformanceCases.map(({ name }) => name));
  return Object.entries(exceptions).flatMap(([name, reason]) => [
    ...(names.has(name) ? [] : [`There is no case "${name}"`]),
    ...(reason.trim() === "" ? [`"${name}" is excepted without a reason`] : []),
  ]);
}

/** What a case's result means, with the reason for which it is excepted, if it is. */
export function judge(result: CaseResult, reason: string | undefined): CaseResult {
  if (reason === undefined) return result;
  switch (result.outcome) {
    case "failed":
      return { outcome: "not-applicable", why: `excepted: ${reason}` };
    case "passed":
      return { outcome: "failed", error: new Error(`This case is excepted ("${reason}") and passes: take the exception out`) };
    case "not-applicable":
      return {
        outcome: "failed",
        error: new Error(`This case is excepted ("${reason}") and has nothing to check (${result.why}): take the exception out`),
      };
  }
}
