import { isPlatformError, type OutboundMessage, type PlatformError } from "@hermes/core";

/** A message of so many texts. */
export function saying(...texts: readonly string[]): OutboundMessage {
  return { texts, files: [], actions: [] };
}

/**
 * What a call of an adapter failed with.
 *
 * @throws Error when it went through, and what it threw when that is no `PlatformError`.
 */
export async function platformErrorOf(call: Promise<unknown> | undefined): Promise<PlatformError> {
  try {
    await call;
  } catch (error) {
    if (isPlatformError(error)) return error;
    throw error;
  }
  throw new Error("Expected the call to fail, and it went through");
}
