import { isPlatformError, PlatformError, type Failure } from "@hermes/core";
import { callFailure, httpFailureIn } from "@hermes/http";

/** Slack's `ok: false`. */
export interface Refusal {
  readonly error: string;
  readonly needed: string | undefined;
  /** What Slack says about the arguments; it may quote them. */
  readonly retryAfterMs: number | undefined;
}

const forbidden: Readonly<Record<string, string>> = {
  not_in_channel: "the bot is not in it: invite it there (/invite @bot)",
  is_archived: "it is archived",
  restricted_action: "the workspace does not allow it",
  restricted_action_read_only_channel: "only some may write there",
  restricted_action_thread_only_channel: "only threads may be written in there",
  restricted_action_non_threadable_channel: "there are no threads there",
  restricted_action_thread_locked: "the thread is locked",
  cant_update_message: "it is not the bot's message",
  cant_delete_message: "the bot may not delete it",
  edit_window_closed: "the workspace does not allow it to be edited any more",
  message_not_owned_by_app: "it is not the bot's message",
  no_permission: "the bot has no right to do that",
  access_denied: "access is denied",
  ekm_access_denied: "the workspace's administrator withholds its keys",
  missing_scope: "the app lacks a scope",
  not_allowed_token_type: "this kind of token may not do that",
  user_not_in_channel: "that person is not in it",
  cannot_dm_bot: "bots cannot be written to",
  user_disabled: "that person's account is switched off",
  user_not_visible: "that person cannot be seen by the bot",
  messages_tab_disabled: "the app's Messages tab is off: switch it on under App Home",
  access_to_feature_disabled: "the workspace has switched this off",
  file_uploads_disabled: "the workspace takes no files",
  file_uploads_except_images_disabled: "the workspace takes pictures alone",
  team_access_not_granted: "the app was not given this workspace",
  org_login_required: "the workspace is being moved to an organisation",
  as_user_not_supported: "the token may not speak for a person",
  no_reaction_allowed: "reactions are not allowed there",
};

const unauthorized: ReadonlySet<string> = new Set([
  "invalid_auth",
  "not_authed",
  "token_revoked",
  "token_expired",
  "account_inactive",
  "no_such_subdomain",
  "app_deleted",
  "invalid_app_token",
  "invalid_app",
]);
const chatGone: ReadonlySet<string> = new Set(["channel_not_found", "user_not_found", "users_not_found", "channel_is_deleted"]);
const threadGone: ReadonlySet<string> = new Set(["thread_not_found", "invalid_thread_ts", "cannot_reply_to_message"]);
const messageGone: ReadonlySet<string> = new Set([
  "message_not_found",
  "bad_timestamp",
  "file_not_found",
  "file_deleted",
  "no_item_specified",
]);
const tooLong: ReadonlySet<string> = new Set([
  "msg_too_long",
  "msg_blocks_too_long",
  "markdown_text_too_long",
  "file_upload_size_restricted",
  "metadata_too_large",
]);
const busy: ReadonlySet<string> = new Set([
  "ratelimited",
  "rate_limited",
  "message_limit_exceeded",
  "rollup_error",
  "too_many_websockets",
]);
/** Slack's own trouble: "It's possible some aspect of the operation succeeded" (Web API, fatal_error). */
const trouble: ReadonlySet<string> = new Set(["fatal_error", "internal_error", "service_unavailable", "request_timeout"]);

/** A rate limit that does not say for how long: the SDK would take it for an error of another kind. */
export const rateLimitedWithoutTime = "HTTP_429";

/** Any vendor failure as a `PlatformError` that says what was tried; never holds a token, an address or anybody's text. */
export function toPlatformFailure(error: unknown, what: string, platform: string): PlatformError {
  if (isPlatformError(error)) return error;
  if (httpFailureIn(error)?.code === rateLimitedWithoutTime)
    return failureOf({ kind: "rate-limited" }, what, "rate limited", platform);
  const failed = callFailure(error, what, platform);
  if (failed !== undefined) return failed;
  const refusal = refusalOf(error);
  if (refusal !== undefined) return fromRefusal(refusal, what, platform);
  const { code, statusCode } = (error ?? {}) as { readonly code?: unknown; readonly statusCode?: unknown };
  if (code === "slack_webapi_http_error" && typeof statusCode === "number") return fromStatus(statusCode, what, platform);
  const name = error instanceof Error ? error.name : typeof error;
  return failureOf({ kind: "unavailable" }, what, `unexpected ${name}`, platform);
}

/** A failure of our own finding. */
export function failureOf(failure: Failure, what: string, why: string, platform: string, maybeDone?: boolean): PlatformError {
  const message = `Cannot ${what}: ${why}`;
  return new PlatformError({ platform, failure, message, ...(maybeDone === undefined ? {} : { maybeDone }) });
}

/** Slack's word for why it refused; undefined where it did not refuse. */
export function refusalWord(error: unknown): string | undefined {
  return refusalOf(error)?.error;
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, data, retryAfter } = error as Error & {
    readonly code?: unknown;
    readonly data?: unknown;
    readonly retryAfter?: unknown;
  };
  if (code === "slack_webapi_rate_limited_error")
    return { error: "ratelimited", needed: undefined, retryAfterMs: secondsOf(retryAfter) };
  if (code !== "slack_webapi_platform_error" || typeof data !== "object" || data === null) return undefined;
  const { error: word, needed, response_metadata: more } = data as Readonly<Record<string, unknown>>;
  const wait = (more as { readonly retryAfter?: unknown } | undefined)?.retryAfter;
  return {
    // A page of something in between stands here as well: it is no word of Slack's.
    error: typeof word === "string" && /^[a-z][\w.-]{0,80}$/u.test(word) ? word : "unreadable_answer",
    needed: typeof needed === "string" && /^[\w:.,\s-]{1,200}$/u.test(needed) ? needed : undefined,
    retryAfterMs: secondsOf(wait),
  };
}

function secondsOf(seconds: unknown): number | undefined {
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
}

function fromStatus(status: number, what: string, platform: string): PlatformError {
  if (status === 413) return failureOf({ kind: "too-long" }, what, "the server answers 413", platform);
  if (status === 429) return failureOf({ kind: "rate-limited" }, what, "rate limited", platform);
  // 4xx of a proxy or a wrong address: Slack itself refuses with 200.
  if (status >= 300 && status < 500)
    return failureOf({ kind: "unavailable" }, what, `the server answers ${status}`, platform, false);
  return failureOf({ kind: "unavailable" }, what, `the server answers ${status}`, platform);
}

function fromRefusal(refusal: Refusal, what: string, platform: string): PlatformError {
  const { error: word, needed, retryAfterMs } = refusal;
  if (word === "unreadable_answer") return failureOf({ kind: "unavailable" }, what, "the answer is not Slack's", platform);
  if (trouble.has(word)) return failureOf({ kind: "unavailable" }, what, `Slack has trouble (${word})`, platform);
  const failure = kindOf(refusal);
  if (failure.kind === "rate-limited") {
    const wait = retryAfterMs === undefined ? "" : `, retry after ${Math.ceil(retryAfterMs / 1000)} s`;
    return failureOf(failure, what, `rate limited${wait}`, platform);
  }
  return failureOf(failure, what, `${wordsFor(word, needed)} (${word})`, platform);
}

function wordsFor(word: string, needed: string | undefined): string {
  if (word === "missing_scope" && needed !== undefined) {
    return `the app lacks the scope ${needed}: add it under OAuth & Permissions and install the app again`;
  }
  if (unauthorized.has(word)) return "the token is wrong, expired or revoked: install the app again and copy the token";
  return forbidden[word] ?? "Slack refused";
}

function kindOf({ error: word, retryAfterMs }: Refusal): Failure {
  if (busy.has(word)) return { kind: "rate-limited", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (unauthorized.has(word)) return { kind: "unauthorized" };
  if (word in forbidden) return { kind: "forbidden" };
  if (chatGone.has(word)) return { kind: "not-found", what: "chat" };
  if (threadGone.has(word)) return { kind: "not-found", what: "thread" };
  if (messageGone.has(word)) return { kind: "not-found", what: "message" };
  if (tooLong.has(word)) return { kind: "too-long" };
  return { kind: "invalid" };
}
