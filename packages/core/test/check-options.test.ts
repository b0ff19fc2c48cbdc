import { describe, expect, it } from "vitest";
import { checkOptions, type ConfigurationResult, type ConfigurationSchema } from "../src/index.ts";

function schemaOf(result: ConfigurationResult<string> | Promise<ConfigurationResult<string>>): ConfigurationSchema<string> {
  return { "~standard": { version: 1, vendor: "test", validate: () => result } };
}

describe("Options of a factory", () => {
  it("are what their schema makes of them", () => {
    expect(checkOptions(schemaOf({ value: "made" }), {}, "Acme")).toBe("made");
  });

  it("that cannot work are named, each with its reason", () => {
    const issues = [
      { message: "Expected a token", path: ["tokens", 0] },
      { message: "Too much", path: [{ key: "a" }] },
      { message: "No object" },
    ];
    expect(() => checkOptions(schemaOf({ issues }), {}, "Acme")).toThrow(
      new TypeError("These Acme options cannot work. `tokens.0`: Expected a token; `a`: Too much; No object"),
    );
  });

  it("cannot be waited for", () => {
    expect(() => checkOptions(schemaOf(Promise.resolve({ value: "late" })), {}, "Acme")).toThrow("asks for time");
  });
});
