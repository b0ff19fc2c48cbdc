import { conformanceCases, runCase, type CaseName } from "../../src/cases.ts";
import { pigeonHarness } from "../pigeon/harness.ts";
import type { Fault } from "./faults/ways-to-be-bad.ts";

/** Which of these cases a platform with this fault does not pass. */
export async function failingCases(fault: Fault, among: (name: CaseName) => boolean): Promise<readonly CaseName[]> {
  const { mode, platform, bench } = fault;
  const harness = pigeonHarness(mode ?? "polling", {
    ...(platform === undefined ? {} : { platform }),
    ...(bench === undefined ? {} : { bench }),
  });
  const played = conformanceCases.filter(({ name }) => among(name));
  const results = await Promise.all(played.map(async (one) => ({ name: one.name, result: await runCase(harness, one) })));
  return results.filter(({ result }) => result.outcome === "failed").map(({ name }) => name);
}
