import { isPlatformError, PlatformError, type Failure } from "@hermes/core";
import { callFailure } from "@hermes/http";

/** Who was talking to the homeserver. */
export interface Caller {
  readonly platform: string;
  /** What must stand in no error. */
  readonly secrets: () => readonly string[];
}

/** What a homeserver answers where it does not do what it was asked, as the SDK throws it. */
export interface Refusal {
  readonly status: number;
  /** `M_FORBIDDEN` and the like; empty where somebody in between answered. */
  readonly code: string;
  readonly words: string;
  readonly retryAfterMs: number | undefined;
  /** The session may be renewed under the same device. */
  readonly isSoftLogout: boolean;
}

/** What each code means (client-server API, Common error codes, and those of the endpoints that are called). */
const kinds: Readonly<Record<string, Failure>> = {
  M_UNKNOWN_TOKEN: { kind: "unauthorized" },
  M_MISSING_TOKEN: { kind: "unauthorized" },
  M_USER_DEACTIVATED: { kind: "unauthorized" },
  M_USER_LOCKED: { kind: "unauthorized" },
  M_FORBIDDEN: { kind: "forbidden" },
  M_USER_SUSPENDED: { kind: "forbidden" },
  M_CONSENT_NOT_GIVEN: { kind: "forbidden" },
  M_GUEST_ACCESS_FORBIDDEN: { kind: "forbidden" },
  M_RESOURCE_LIMIT_EXCEEDED: { kind: "forbidden" },
  M_TOO_LARGE: { kind: "too-long" },
  M_UNRECOGNIZED: { kind: "invalid" },
};

const remedies: Readonly<Record<string, string>> = {
  M_UNKNOWN_TOKEN: "the access token is no longer good; log the bot in again and set `accessToken`, or set `password`",
  M_USER_DEACTIVATED: "the bot's account is deactivated",
  M_USER_LOCKED: "the bot's account is locked; its homeserver's administrator can unlock it",
  M_CONSENT_NOT_GIVEN: "the homeserver wants its terms accepted first; log in once with another client and accept them",
};

/** Any vendor failure as a `PlatformError` that says what was tried; never holds a token, an address or anybody's text. */
export function toPlatformFailure(
  error: unknown,
  what: string,
  caller: Caller,
  missing: "chat" | "message" = "chat",
): PlatformError {
  if (isPlatformError(error)) return error;
  const failed = callFailure(error, what, caller.platform);
  if (failed !== undefined) return failed;
  const refusal = refusalIn(error);
  if (refusal !== undefined) return fromRefusal(refusal, what, caller, missing);
  const name = error instanceof Error ? error.name : typeof error;
  return failureOf({ kind: "unavailable" }, what, `the answer makes no sense (${name})`, caller);
}

/** A failure of our own finding. */
export function failureOf(failure: Failure, what: string, why: string, caller: Caller, maybeDone?: boolean): PlatformError {
  const message = `Cannot ${what}: ${why}`;
  return new PlatformError({ platform: caller.platform, failure, message, ...(maybeDone === undefined ? {} : { maybeDone }) });
}

/** The code in which the homeserver refused, or `HTTP_404` and the like for the page of a proxy; empty for any other failure. */
export function refusalCode(error: unknown): string {
  return isPlatformError(error) && typeof error.cause === "string" ? error.cause : "";
}

/** The homeserver's refusal in what was thrown, if it is one. */
export function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const { httpStatus, httpHeaders, data } = error as Error & Readonly<Record<"httpStatus" | "httpHeaders" | "data", unknown>>;
  if (typeof httpStatus !== "number") return undefined;
  const { errcode, error: words, retry_after_ms: milliseconds, soft_logout: soft } = asRecord(data);
  const seconds = httpHeaders instanceof Headers ? Number(httpHeaders.get("retry-after") ?? Number.NaN) : Number.NaN;
  return {
    status: httpStatus,
    code: typeof errcode === "string" ? errcode : "",
    words: typeof words === "string" ? words : "",
    // The older member says it to the millisecond; the header, which replaces it, in whole seconds.
    retryAfterMs: positive(milliseconds) ?? positive(seconds * 1000),
    isSoftLogout: soft === true,
  };
}

function positive(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.ceil(value) : undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function fromRefusal(refusal: Refusal, what: string, caller: Caller, missing: "chat" | "message"): PlatformError {
  const failure = kindOf(refusal, missing);
  if (failure.kind === "rate-limited") {
    const wait = failure.retryAfterMs === undefined ? "" : `, retry after ${Math.ceil(failure.retryAfterMs / 1000)} s`;
    return failureOf(failure, what, `rate limited${wait}`, caller);
  }
  const { code, status, words } = refusal;
  const said = caller.secrets().reduce((text, secret) => text.replaceAll(secret, "…"), words.slice(0, 200));
  const why = remedies[code] ?? (said === "" ? `the homeserver answers ${status}` : said);
  const message = `Cannot ${what}: ${code === "" ? why : `${why} (${code})`}`;
  return new PlatformError({ platform: caller.platform, failure, message, cause: code === "" ? `HTTP_${status}` : code });
}

function kindOf({ code, status, retryAfterMs }: Refusal, missing: "chat" | "message"): Failure {
  if (code === "M_LIMIT_EXCEEDED" || status === 429) {
    return { kind: "rate-limited", scope: "bot", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (code === "M_NOT_FOUND") return { kind: "not-found", what: missing };
  const known = kinds[code];
  if (known !== undefined) return known;
  // Without a code it is not the homeserver that answers, but a proxy before it, or another program while it is away.
  if (code === "" && (status === 401 || status === 404 || status === 405 || status === 410)) return { kind: "unavailable" };
  switch (status) {
    case 401:
      return { kind: "unauthorized" };
    case 403:
      return { kind: "forbidden" };
    case 413:
      return { kind: "too-long" };
    default:
      return status >= 500 || status < 400 || status === 408 ? { kind: "unavailable" } : { kind: "invalid" };
  }
}
