import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeSettings } from "../../src/config/merge.ts";
import type { Setting } from "../../src/config/setting.ts";

const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 });
const layer = fc.array(fc.record({ path, value: fc.nat(9) }), { maxLength: 5 });

function settingsOf(index: number, entries: readonly { readonly path: readonly string[]; readonly value: number }[]): Setting[] {
  return entries.map((entry) => ({ ...entry, source: { kind: "environment", name: `layer ${index}` } }));
}

const liesUnder = (inner: readonly string[], outer: readonly string[]): boolean =>
  outer.every((part, index) => inner[index] === part);

describe("mergeSettings", () => {
  it("lets the last value of the strongest layer win, and drops whatever cannot stand beside it", () => {
    fc.assert(
      fc.property(fc.array(layer, { maxLength: 4 }), (layers) => {
        const all = layers.flatMap((entries, index) => settingsOf(index, entries));
        const merged = mergeSettings(layers.map((entries, index) => settingsOf(index, entries)));
        for (const [index, setting] of all.entries()) {
          const beaten = all
            .slice(index + 1)
            .some((later) => liesUnder(later.path, setting.path) || liesUnder(setting.path, later.path));
          if (beaten) expect(merged.get(setting.path)?.setting).not.toBe(setting);
          else expect(merged.get(setting.path)?.setting).toEqual(setting);
        }
      }),
    );
  });

  it("keeps every value that was ever set, as a winner or as beaten by one", () => {
    fc.assert(
      fc.property(fc.array(layer, { maxLength: 4 }), (layers) => {
        const merged = mergeSettings(layers.map((entries, index) => settingsOf(index, entries)));
        const kept = merged.under([]).flatMap(({ setting, overridden }) => [setting].concat(overridden));
        expect(kept).toHaveLength(layers.flat().length);
      }),
    );
  });

  it("does not let a section that is only named touch what stands in it", () => {
    const source = { kind: "default" } as const;
    const merged = mergeSettings([[{ path: ["a", "b"], value: 1, source }], [{ path: ["a"], source }]]);
    expect(merged.get(["a", "b"])?.setting.value).toBe(1);
    expect(merged.has(["a"])).toBe(true);
  });
});
