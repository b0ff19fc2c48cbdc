import { PlatformError } from "@hermes/core";
import { httpFailureIn } from "./http-failure.ts";
import { UnreadableFile } from "./upload-body.ts";

const words: Readonly<Record<string, string>> = {
  ABORTED: "stopped by the caller",
  CLOSED: "the connection is closed",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection broke",
  EAI_AGAIN: "the name cannot be resolved now",
  ENOTFOUND: "the name cannot be resolved",
  ETIMEDOUT: "no answer in time",
  TOO_LARGE: "the answer is too large",
};

/**
 * What a call of this package ended with, also inside what a library made of it, as the error that core wants: `what` was tried. Whether
 * it may have happened is known. Undefined for whatever else was thrown.
 */
export function callFailure(error: unknown, what: string, platform: string): PlatformError | undefined {
  if (error instanceof UnreadableFile) {
    const failure = { kind: error.isFinal ? "invalid" : "unavailable" } as const;
    return new PlatformError({ platform, failure, message: `Cannot ${what}: ${error.message}`, maybeDone: false });
  }
  const network = httpFailureIn(error);
  if (network === undefined) return undefined;
  const { code, sent } = network;
  const known = words[code];
  const why = known === undefined ? code : `${known} (${code})`;
  const failure = { kind: code === "ABORTED" ? "aborted" : "unavailable" } as const;
  return new PlatformError({ platform, failure, message: `Cannot ${what}: ${why}`, maybeDone: sent });
}
