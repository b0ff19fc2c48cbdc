import { isPlatformError, PlatformError, type Failure } from "@hermes/core";
import { callFailure, HttpFailure } from "@hermes/http";

/** Telegram's `ok: false`, as grammY throws it. */
interface Refusal {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

/** Who was talking to Telegram: named in the error, or kept out of it. */
export interface Caller {
  readonly platform: string;
  readonly token: string;
}

/** What a 400 means; the first that fits. */
const refusals: readonly (readonly [RegExp, Failure])[] = [
  [
    /(?:message|text|caption) is too long|(?:message|caption)_too_long|file (?:of size \d+ bytes )?is too big/iu,
    { kind: "too-long" },
  ],
  [/message(?: is |_)not[ _]modified/iu, { kind: "not-modified" }],
  [/thread not found|topic_(?:closed|deleted|id_invalid)/iu, { kind: "not-found", what: "thread" }],
  [
    /message to (?:\w+|be replied) not found|repl(?:y|ied) message not found|message can't be edited|message_id_invalid/iu,
    { kind: "not-found", what: "message" },
  ],
  [/wrong (?:remote )?file[_ ]id|file_reference_/iu, { kind: "not-found", what: "message" }],
  [
    /chat not found|upgraded to a supergroup|peer_id_invalid|chat_id_invalid|(?:group|chat) (?:is|was) deactivated/iu,
    { kind: "not-found", what: "chat" },
  ],
  [
    /rights|can't be deleted|chat_(?:write|restricted|admin|send)|_forbidden|user_is_blocked|not a member/iu,
    { kind: "forbidden" },
  ],
];

/** Any vendor failure as a `PlatformError` that says what was tried; never holds the token, an address or anybody's text. */
export function toPlatformFailure(error: unknown, what: string, caller: Caller): PlatformError {
  if (isPlatformError(error)) return error;
  const failed = callFailure(networkFailure(error) ?? error, what, caller.platform);
  if (failed !== undefined) return failed;
  const refusal = refusalOf(error);
  if (refusal !== undefined) return fromRefusal(refusal, what, caller);
  const name = error instanceof Error ? error.name : typeof error;
  return failureOf({ kind: "unavailable" }, what, `unexpected ${name}`, caller);
}

/** A failure of our own finding. */
export function failureOf(failure: Failure, what: string, why: string, caller: Caller, maybeDone?: boolean): PlatformError {
  const message = `Cannot ${what}: ${why}`;
  return new PlatformError({ platform: caller.platform, failure, message, ...(maybeDone === undefined ? {} : { maybeDone }) });
}

/** Telegram could not read the entities. */
export function isMarkupRefusal(error: unknown): boolean {
  return isBadRequest(error, /can't parse|entit(?:y|ies)/iu);
}

/** Telegram does not take this as blocks; as text it may. */
export function isRichRefusal(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.error_code === 400 && ["invalid", "too-long"].includes(kindOf(refusal).kind);
}

/** Telegram does not take this file as a picture, a film, music …; as a document it may. */
export function isMediaRefusal(error: unknown): boolean {
  return isBadRequest(
    error,
    /photo_(?:invalid|save|ext|content|crop)|image_process|too big for a photo|sticker_(?!set)|video_(?:content|file)|media_(?:invalid|file|empty)|can't use file|wrong file type/iu,
  );
}

/** The message carries no text: what is to be edited is a caption. */
export function isWithoutText(error: unknown): boolean {
  return isBadRequest(error, /there is no text in the message/iu);
}

/** A press has to be answered within a while, and once. */
export function isTooLateToAnswer(error: unknown): boolean {
  return isBadRequest(error, /query is too old|query_id_invalid/iu);
}

/** Telegram keeps the file, but gives it to no bot. */
export function isTooBig(error: unknown): boolean {
  return isBadRequest(error, /file is too big/iu);
}

/** The server is older than the method. A malformed token leads to an address that does not exist, either. */
export function isMissingMethod(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.error_code === 404 && /method/iu.test(refusal.description);
}

/** The server understood what was asked, and refused it for what it was. */
export function isUnderstood(error: unknown): boolean {
  const code = refusalOf(error)?.error_code;
  return code === 400 || code === 403;
}

function isBadRequest(error: unknown, pattern: RegExp): boolean {
  const refusal = refusalOf(error);
  return refusal?.error_code === 400 && pattern.test(refusal.description);
}

/** The supergroup that a group has become. */
export function movedTo(error: unknown): number | undefined {
  return refusalOf(error)?.parameters?.migrate_to_chat_id;
}

function networkFailure(error: unknown): HttpFailure | undefined {
  if (error instanceof HttpFailure) return error;
  const inner: unknown =
    error instanceof Error && error.name === "HttpError" ? (error as { readonly error?: unknown }).error : undefined;
  return inner === undefined ? undefined : inner instanceof HttpFailure ? inner : new HttpFailure("ETIMEDOUT", true);
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || error.name !== "GrammyError") return undefined;
  return error as Error & Refusal;
}

function fromRefusal(refusal: Refusal, what: string, caller: Caller): PlatformError {
  const description = refusal.description.replaceAll(caller.token, "…").slice(0, 200);
  // What follows quotes the text that could not be read.
  const why = isMarkupText(description) ? "Bad Request: can't parse entities" : description;
  const failure = kindOf(refusal);
  if (failure.kind !== "rate-limited") return failureOf(failure, what, withRemedy(failure, why), caller);
  const { retryAfterMs } = failure;
  const wait = retryAfterMs === undefined ? "" : `, retry after ${Math.ceil(retryAfterMs / 1000)} s`;
  return failureOf(failure, what, `rate limited${wait}`, caller);
}

function isMarkupText(description: string): boolean {
  return /can't parse/iu.test(description);
}

function kindOf({ error_code: code, description, parameters }: Refusal): Failure {
  switch (code) {
    case 401:
      return { kind: "unauthorized" };
    case 403:
      return { kind: "forbidden" };
    case 404:
      // A token that is not even shaped like one leads to an address that does not exist.
      return /method/iu.test(description) ? { kind: "invalid" } : { kind: "unauthorized" };
    case 409:
      return { kind: "conflict" };
    case 413:
      return { kind: "too-long" };
    case 420:
    case 429: {
      const seconds: unknown = parameters?.retry_after;
      const isKnown = typeof seconds === "number" && seconds >= 0 && Number.isFinite(seconds);
      return isKnown ? { kind: "rate-limited", retryAfterMs: Math.ceil(seconds * 1000) } : { kind: "rate-limited" };
    }
    default:
      if (code >= 500) return { kind: "unavailable" };
      return refusals.find(([pattern]) => pattern.test(description))?.[1] ?? { kind: "invalid" };
  }
}

function withRemedy(failure: Failure, why: string): string {
  if (failure.kind !== "unauthorized") return why;
  return `${why}: the token is wrong or revoked; get a new one from @BotFather`;
}
