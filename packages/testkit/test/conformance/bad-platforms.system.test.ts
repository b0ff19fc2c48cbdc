import { describe, expect, it } from "vitest";
import type { CaseName } from "../../src/cases.ts";
import { failingCases } from "./failing-cases.ts";
import { faults, type Fault } from "./faults.ts";

describe("A platform that is bad in one way passes everything else, but for what stands on the same thing:", () => {
  it.for(Object.entries(faults) as [CaseName, Fault][])("%s", async ([name, fault]) => {
    const others = await failingCases(fault, (other) => other !== name);
    expect(others.filter((other) => fault.alsoSeenBy?.includes(other) !== true)).toEqual([]);
  });
});
