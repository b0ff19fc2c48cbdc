import { isPlatformError, PlatformError, type Failure } from "@hermes/core";
import { callFailure } from "@hermes/http";

/** Discord's JSON error, as discord.js throws it. Of the error itself nothing else is kept: it holds the address and the body. */
interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly words: string;
}

/** JSON error codes (Discord, Opcodes and Status Codes) that say more than their status. */
const meanings: ReadonlyMap<number, Failure> = new Map<number, Failure>([
  [10_003, { kind: "not-found", what: "chat" }],
  [10_004, { kind: "not-found", what: "chat" }],
  [10_008, { kind: "not-found", what: "message" }],
  [10_013, { kind: "not-found", what: "chat" }],
  [10_014, { kind: "invalid" }],
  [20_016, { kind: "rate-limited" }],
  [20_022, { kind: "rate-limited" }],
  [20_028, { kind: "rate-limited" }],
  [20_029, { kind: "rate-limited" }],
  [30_046, { kind: "rate-limited", retryAfterMs: 60_000 }],
  [40_003, { kind: "rate-limited", retryAfterMs: 60_000 }],
  [40_005, { kind: "too-long" }],
  [40_062, { kind: "rate-limited" }],
  [50_045, { kind: "too-long" }],
  [50_001, { kind: "forbidden" }],
  [50_005, { kind: "forbidden" }],
  [50_007, { kind: "forbidden" }],
  [50_013, { kind: "forbidden" }],
  [50_083, { kind: "not-found", what: "thread" }],
  [50_278, { kind: "forbidden" }],
  [130_000, { kind: "unavailable" }],
]);

const remedies: Readonly<Record<number, string>> = {
  30_046: "a message older than an hour takes only so many edits",
  50_001: "the bot has no access there: give it View Channel and Read Message History",
  50_007: "this person takes no direct messages from the bot: it has to share a server with them, and they have to allow it",
  50_013:
    "the bot lacks a permission there: Send Messages, Send Messages in Threads, Attach Files, Add Reactions or Create Public Threads",
};

/** A failure of our own finding. */
export function failureOf(failure: Failure, what: string, why: string, platform: string, maybeDone?: boolean): PlatformError {
  const message = `Cannot ${what}: ${why}`;
  return new PlatformError({ platform, failure, message, ...(maybeDone === undefined ? {} : { maybeDone }) });
}

/** Any vendor failure as a `PlatformError` that says what was tried; never holds the token, an address or anybody's text. */
export function toPlatformFailure(error: unknown, what: string, platform: string): PlatformError {
  if (isPlatformError(error)) return error;
  const failed = callFailure(error, what, platform);
  if (failed !== undefined) return failed;
  const wait = rateLimitIn(error);
  if (wait !== undefined) {
    return failureOf(wait, what, `rate limited, retry after ${Math.ceil((wait.retryAfterMs ?? 0) / 1000)} s`, platform);
  }
  const refusal = refusalOf(error);
  if (refusal !== undefined) return fromRefusal(refusal, what, platform);
  const name = error instanceof Error ? error.name : typeof error;
  if (name === "AbortError") return failureOf({ kind: "aborted" }, what, "stopped by the caller", platform, false);
  // discord.js forgets a token that Discord refused, so that it is not tried again and again.
  if (error instanceof Error && error.message.startsWith("Expected token")) {
    return failureOf({ kind: "unauthorized" }, what, unauthorized, platform);
  }
  const status = name === "HTTPError" ? ` ${String((error as { readonly status?: unknown }).status)}` : "";
  return failureOf({ kind: "unavailable" }, what, `unexpected ${name}${status}`, platform);
}

/** The code of a refusal of Discord's, or undefined. */
export function refusalCode(error: unknown): number | undefined {
  return refusalOf(error)?.code;
}

const unauthorized =
  "the token is wrong or was reset; make a new one in the Developer Portal (Bot, Reset Token) and set DISCORD_BOT_TOKEN or `token`";

function rateLimitIn(error: unknown): Extract<Failure, { kind: "rate-limited" }> | undefined {
  if (!(error instanceof Error) || !error.name.startsWith("RateLimitError")) return undefined;
  const { retryAfter, timeToReset, sublimitTimeout, global } = error as Error & Readonly<Record<string, unknown>>;
  const known = [retryAfter, sublimitTimeout, timeToReset].find((ms) => typeof ms === "number" && ms > 0 && Number.isFinite(ms));
  const retryAfterMs = typeof known === "number" ? Math.ceil(known) : 1000;
  return { kind: "rate-limited", retryAfterMs, ...(global === true ? { scope: "bot" as const } : {}) };
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !error.name.startsWith("DiscordAPIError")) return undefined;
  const { status, code, rawError } = error as Error & Readonly<Record<string, unknown>>;
  if (typeof status !== "number") return undefined;
  const words: unknown = (rawError as { readonly message?: unknown } | undefined)?.message;
  const said = typeof words === "string" ? words.slice(0, 200) : `HTTP ${status}`;
  // "Must be 2000 or fewer in length." stands deep in the error, beside the name of the field.
  const isTooLong = code === 50_035 && /\bBASE_TYPE_MAX_LENGTH\b/u.test(JSON.stringify(rawError));
  return { status, code: isTooLong ? 40_005 : typeof code === "number" ? code : 0, words: said };
}

function fromRefusal({ status, code, words }: Refusal, what: string, platform: string): PlatformError {
  if (status === 401) return failureOf({ kind: "unauthorized" }, what, unauthorized, platform);
  const remedy = remedies[code];
  const why = remedy === undefined ? `${words} (${code === 0 ? `HTTP ${status}` : code})` : `${words} (${code}): ${remedy}`;
  return failureOf(meanings.get(code) ?? byStatus(status), what, why, platform);
}

function byStatus(status: number): Failure {
  if (status === 403) return { kind: "forbidden" };
  if (status === 404) return { kind: "not-found", what: "chat" };
  if (status === 413) return { kind: "too-long" };
  if (status === 429) return { kind: "rate-limited" };
  return status >= 500 ? { kind: "unavailable" } : { kind: "invalid" };
}
