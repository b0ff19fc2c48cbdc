import { describe, expect, it } from "vitest";
import { suggest } from "../../src/config/suggest.ts";

const words = ["server.port", "server.host", "access.allow", "telegram", "apiRoot"];

describe("suggest", () => {
  it.each([
    ["server.prot", "server.port"],
    ["sever.host", "server.host"],
    ["telegarm", "telegram"],
    ["TELEGRAM", "telegram"],
    ["api_root", "apiRoot"],
    ["acess.alow", "access.allow"],
  ])("finds what was meant by `%s`", (word, meant) => {
    expect(suggest(word, words)).toBe(meant);
  });

  it("keeps quiet when nothing is near", () => {
    expect(suggest("zebra", words)).toBeUndefined();
    expect(suggest("x".repeat(100_000), words)).toBeUndefined();
  });
});
