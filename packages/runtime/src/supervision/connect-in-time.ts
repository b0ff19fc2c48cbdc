import { PlatformError, type Clock, type Connection, type Platform, type PlatformHost } from "@hermes/core";
import { timeLimited } from "../pause.ts";

/** One attempt to connect, and how long it may take. */
export interface ConnectAttempt {
  readonly platform: Platform;
  readonly host: PlatformHost;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/**
 * Connects, or gives that up when `signal` is aborted or the time is over, whatever the adapter does then. A connection that comes all
 * the same is hung up. Rejects as the adapter does, or with a `PlatformError` of kind `unavailable`.
 */
export async function connectInTime(
  { platform, host, clock, timeoutMs }: ConnectAttempt,
  signal: AbortSignal,
): Promise<Connection> {
  const limit = timeLimited(signal, timeoutMs, clock);
  const connecting = (async () => await platform.connect(host, limit.signal))();
  try {
    return await Promise.race([connecting, failWhenAborted(limit.signal, platform.id, timeoutMs)]);
  } catch (error) {
    // One that comes after nobody waits for it any more must not be left open.
    if (limit.signal.aborted) void connecting.then((late) => late.disconnect()).catch(() => undefined);
    throw error;
  } finally {
    limit.release();
  }
}

function failWhenAborted(signal: AbortSignal, platform: string, timeoutMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const message = `Cannot connect: no answer within ${Math.round(timeoutMs / 1000)} s`;
    const fail = (): void => reject(new PlatformError({ platform, failure: { kind: "unavailable" }, message }));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
