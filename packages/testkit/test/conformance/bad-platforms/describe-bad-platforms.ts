import { describe, expect, it } from "vitest";
import type { CaseName } from "../../../src/cases.ts";
import { failingCases } from "../failing-cases.ts";
import { faults } from "../faults.ts";
import type { Fault } from "../faults/ways-to-be-bad.ts";

/** Every second fault, from this one on, before all other cases: all of them take longer than one file should. */
export function describeBadPlatforms(first: 0 | 1): void {
  const met = (Object.entries(faults) as [CaseName, Fault][]).filter((_fault, place) => place % 2 === first);
  describe("A platform that is bad in one way passes everything else, but for what stands on the same thing:", () => {
    it.for(met)("%s", async ([name, fault]) => {
      const others = await failingCases(fault, (other) => other !== name);
      expect(others.filter((other) => fault.alsoSeenBy?.includes(other) !== true)).toEqual([]);
    });
  });
}
