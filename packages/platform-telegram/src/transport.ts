import { hash, timingSafeEqual } from "node:crypto";
import {
  isPlatformError,
  pause,
  PlatformError,
  readBody,
  toPlatformError,
  type Clock,
  type Ended,
  type PlatformEvent,
  type PlatformHost,
} from "@hermes/core";
import type { Api } from "./api.ts";

export interface Polling {
  readonly platform: string;
  readonly botId: number;
  readonly api: Pick<Api, "deleteWebhook" | "getUpdates">;
  readonly host: PlatformHost;
  readonly clock: Clock;
  decode(update: unknown): readonly PlatformEvent[];
}

/** How long Telegram holds a poll open that has nothing to tell. */
const waitSeconds = 40;
/** Each poll that is answered is told of; one that is not fails within this time. */
export const reportsEveryMs = 60_000;
/** What passes by itself is tried again so often before the supervisor hears of it. */
const patience = 3;
const firstPauseMs = 1000;
const firstStorePauseMs = 250;
const maxStorePauseMs = 30_000;
const defaultRateLimitMs = 5000;
/** Whoever has to wait for longer leaves that to the supervisor, which tells until when. */
const longestRateLimitMs = 60_000;

/**
 * Polls until `signal` is aborted or Telegram refuses. Updates are confirmed by the next poll, and that starts only when they are
 * stored: the offset moves in the commit that stores them. A network failure or a server error is retried after 1, 2 and 4 seconds,
 * a rate limit after the time Telegram names, if that is no more than a minute; everything else ends the loop as `lost`. Never rejects; nothing runs any more when it
 * comes back.
 */
export async function poll(polling: Polling, signal: AbortSignal): Promise<Ended> {
  try {
    return await run(polling, signal);
  } catch (error) {
    if (signal.aborted) return { reason: "requested" };
    return { reason: "lost", error: error instanceof Error ? error : toPlatformError(error, polling.platform) };
  }
}

async function run(polling: Polling, signal: AbortSignal): Promise<Ended> {
  const { api, host } = polling;
  let offset = await storedOffset(polling);
  await api.deleteWebhook(signal);
  let isUp = false;
  let failures = 0;
  while (!signal.aborted) {
    let updates: readonly unknown[];
    try {
      // The first answer comes at once, so that it is known whether polling works.
      updates = await api.getUpdates(offset, isUp ? waitSeconds : 0, signal);
    } catch (error) {
      const pauseMs = signal.aborted ? undefined : retryAfterMs(error, ++failures);
      if (pauseMs === undefined) throw error;
      isUp = false;
      host.report("degraded", error instanceof Error ? error.message : undefined);
      await pause(pauseMs, polling.clock, signal);
      continue;
    }
    failures = 0;
    host.report("up");
    isUp = true;
    if (updates.length > 0) offset = await store(updates, polling, signal);
  }
  return { reason: "requested" };
}

/** The offset belongs to one bot: another bot under the same instance name starts anew. */
function offsetKey({ botId }: Polling): string {
  return `offset:${botId}`;
}

async function storedOffset(polling: Polling): Promise<number | undefined> {
  const stored = await polling.host.memory.get(offsetKey(polling));
  return typeof stored === "number" && Number.isSafeInteger(stored) ? stored : undefined;
}

/** Stores a batch, however long that takes, and returns the offset behind it. */
async function store(updates: readonly unknown[], polling: Polling, signal: AbortSignal): Promise<number> {
  const { host } = polling;
  const next = offsetBehind(updates, polling);
  const events = updates.flatMap((update) => polling.decode(update));
  for (let pauseMs = firstStorePauseMs; ; pauseMs = Math.min(pauseMs * 2, maxStorePauseMs)) {
    try {
      await host.accept(events, { key: offsetKey(polling), value: next });
      if (pauseMs > firstStorePauseMs) host.report("up");
      return next;
    } catch (error) {
      host.report("degraded", `Updates cannot be stored: ${error instanceof Error ? error.name : "unknown error"}`);
      if (signal.aborted) throw error;
      await pause(pauseMs, polling.clock, signal);
      if (signal.aborted) throw error;
    }
  }
}

/** An update without a number is stored like any other, as long as a number beside it moves the offset. */
function offsetBehind(updates: readonly unknown[], { platform }: Polling): number {
  const ids = updates.map((update) => (update as { readonly update_id?: unknown } | null)?.update_id);
  const last = Math.max(...(ids.filter((id) => typeof id === "number" && Number.isSafeInteger(id)) as number[]));
  if (Number.isFinite(last)) return last + 1;
  throw new PlatformError({ platform, failure: { kind: "invalid" }, message: "Cannot get updates: none of them has a number" });
}

/** How long to wait before polling again; undefined when that is not this loop's decision. */
function retryAfterMs(error: unknown, failures: number): number | undefined {
  if (!isPlatformError(error)) return undefined;
  if (error.failure.kind === "rate-limited") {
    const { retryAfterMs = defaultRateLimitMs } = error.failure;
    return retryAfterMs <= longestRateLimitMs ? retryAfterMs : undefined;
  }
  if (error.failure.kind === "unavailable" && failures <= patience) return firstPauseMs * 2 ** (failures - 1);
  return undefined;
}

export interface Webhook {
  readonly secret: string;
  readonly host: PlatformHost;
  /** Awaited before an update is decoded, once its sender is known to be Telegram. */
  prepare(): Promise<void>;
  decode(update: unknown): readonly PlatformEvent[];
}

const secretHeader = "x-telegram-bot-api-secret-token";
/** Far above any update; the largest hold a few texts of 4096 characters with their entities. */
const maxBodyBytes = 1024 * 1024;

/**
 * Takes one update that Telegram delivers. The secret is checked before a byte of the body is read; 200 says that the update is stored,
 * anything else makes Telegram try again.
 */
export async function receiveWebhook(request: Request, webhook: Webhook): Promise<Response> {
  if (request.method !== "POST") return answer(405, "Expected POST", { allow: "POST" });
  if (!isSame(request.headers.get(secretHeader) ?? "", webhook.secret)) {
    return answer(401, "The secret token is missing or wrong");
  }
  const body = await readBody(request, maxBodyBytes);
  if (body.kind === "too-large") return answer(413, "The body is larger than 1 MB");
  const parsed = body.kind === "broken" ? undefined : parse(body.text);
  if (parsed === undefined) return answer(400, "The body is not JSON in UTF-8");
  try {
    await webhook.prepare();
    const events = webhook.decode(parsed.update);
    if (events.length > 0) await webhook.host.accept(events);
  } catch (error) {
    // Why nothing is taken the gateway says itself, once and not for each update.
    webhook.host.logger.debug(
      `An update could not be stored (${error instanceof Error ? error.name : typeof error}); Telegram will send it again`,
    );
    return answer(503, "The update could not be stored");
  }
  return new Response(null, { status: 200 });
}

function answer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}

/** Compares hashes, so that neither content nor length shows in the time it takes. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", expected, "buffer"));
}

function parse(body: string): { readonly update: unknown } | undefined {
  try {
    return { update: JSON.parse(body) };
  } catch {
    // No JSON means the same to the sender.
    return undefined;
  }
}
