import { PlatformError } from "@hermes/core";
import { failureOf } from "./failure.ts";

/** A channel or thread to talk in, by ids that were checked. */
export interface Place {
  /** The thread's where it is one: for Discord each is a channel. */
  readonly channelId: string;
  readonly isThread: boolean;
}

/** The place in words, for errors. */
export function named({ channelId, isThread }: Place): string {
  return `${isThread ? "thread" : "channel"} ${channelId}`;
}

/** What is gone when Discord knows no such channel: the thread, where it is one. */
export async function inPlace<Result>(place: Place, what: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!place.isThread || !(error instanceof PlatformError)) throw error;
    if (error.failure.kind !== "not-found" || error.failure.what !== "chat") throw error;
    throw failureOf({ kind: "not-found", what: "thread" }, what, "Discord knows no such thread (any more)", error.platform);
  }
}
