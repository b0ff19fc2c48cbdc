import type { Logger } from "@hermes/core";

/** What a library user sees without a logger: warnings and errors, on standard error. */
export const standardErrorLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => void process.stderr.write(`warn: ${message}\n`),
  error: (message) => void process.stderr.write(`error: ${message}\n`),
};
