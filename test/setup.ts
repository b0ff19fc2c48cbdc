import { afterEach, beforeEach, vi } from "vitest";

/** A test that prints is a test nobody can read the result of: console output fails it. */
const methods = ["debug", "error", "info", "log", "warn"] as const;

beforeEach(() => {
  for (const method of methods) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
      throw new Error(`console.${method} was called in a test: ${values.map(String).join(" ")}`);
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});
