import { describe, expect, it } from "vitest";
import type { CaseName } from "../../src/cases.ts";
import { failingCases } from "./failing-cases.ts";
import { faults } from "./faults.ts";
import type { Fault } from "./faults/ways-to-be-bad.ts";

describe("A platform that is bad in one way does not pass:", () => {
  it.concurrent.for(Object.entries(faults) as [CaseName, Fault][])("%s", async ([name, fault]) => {
    expect(await failingCases(fault, (other) => other === name)).toEqual([name]);
  });
});
