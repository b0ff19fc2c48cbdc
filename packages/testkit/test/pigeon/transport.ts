import { hash, timingSafeEqual } from "node:crypto";
import { isPlatformError, toPlatformError, type Clock, type Ended, type PlatformHost } from "@hermes/core";
import type { PigeonApi } from "./api.ts";
import { decode } from "./decode.ts";
import { hookSecret, signatureOf } from "./server.ts";

interface Polling {
  readonly platform: string;
  readonly api: PigeonApi;
  readonly host: PlatformHost;
  readonly clock: Clock;
}

/** Polls until it is told to end or refused. */
export async function poll({ platform, api, host, clock }: Polling, signal: AbortSignal): Promise<Ended> {
  try {
    let after = Number((await host.memory.get("cursor")) ?? 0);
    for (let wait = 0; !signal.aborted; wait = 1) {
      const updates = (await api.call("GET", `/updates?after=${after}&wait=${wait}`, { signal })) as readonly {
        number: number;
      }[];
      host.report("up");
      const last = updates.at(-1);
      if (last === undefined) continue;
      const events = updates.flatMap((update) => decode(platform, update));
      for (;;) {
        try {
          await host.accept(events, { key: "cursor", value: last.number });
          break;
        } catch (error) {
          if (signal.aborted) throw error;
          await pause(clock, signal);
          if (signal.aborted) throw error;
        }
      }
      after = last.number;
    }
    return { reason: "requested" };
  } catch (error) {
    if (signal.aborted) return { reason: "requested" };
    return { reason: "lost", error: isPlatformError(error) ? error : toPlatformError(error, platform) };
  }
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      resolve();
    };
    const cancel = clock.wakeAt(clock.now() + 500, done);
    signal.addEventListener("abort", done, { once: true });
  });
}

const maxBodyBytes = 1_000_000;

/** Takes one update that is pushed. */
export async function receive(platform: string, request: Request, host: PlatformHost, signed: boolean): Promise<Response> {
  if (!signed && !isSame(request.headers.get("x-pigeon-secret") ?? "", hookSecret)) return new Response(null, { status: 401 });
  const body = await readBody(request);
  if (body === undefined) return new Response(null, { status: 413 });
  if (signed && !isSame(request.headers.get("x-pigeon-signature") ?? "", signatureOf(body))) {
    return new Response(null, { status: 401 });
  }
  try {
    const events = decode(platform, JSON.parse(body.toString("utf8")));
    if (events.length > 0) await host.accept(events);
    return new Response(null, { status: 204 });
  } catch {
    // Whatever it is, the sender tries again.
    return new Response(null, { status: 503 });
  }
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", expected, "buffer"));
}

async function readBody({ body }: Request): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of body ?? []) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > maxBodyBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
