import { describe, expect, it } from "vitest";
import { conformanceCases, type CaseName } from "../../src/cases.ts";
import { failingCases } from "./failing-cases.ts";
import { faults } from "./faults.ts";
import type { Fault } from "./faults/ways-to-be-bad.ts";

/** Each fault meets one in so many of the other cases, and each case one in so many of the faults: all of them take half a minute. */
const share = 2;

const places = new Map(conformanceCases.map(({ name }, place) => [name, place]));

describe("A platform that is bad in one way passes everything else, but for what stands on the same thing:", () => {
  it.for((Object.entries(faults) as [CaseName, Fault][]).map(([name, fault], place) => [name, fault, place] as const))(
    "%s",
    async ([name, fault, place]) => {
      const isMet = (other: CaseName): boolean => other !== name && ((places.get(other) ?? 0) + place) % share === 0;
      const others = await failingCases(fault, isMet);
      expect(others.filter((other) => fault.alsoSeenBy?.includes(other) !== true)).toEqual([]);
    },
  );
});
