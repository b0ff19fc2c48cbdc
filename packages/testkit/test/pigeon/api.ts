import { PlatformError, type Failure } from "@hermes/core";

export interface PigeonApi {
  call(method: string, path: string, options?: CallOptions): Promise<unknown>;
  raw(method: string, path: string, options?: CallOptions): Promise<Response>;
  close(): void;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly form?: FormData;
  readonly signal?: AbortSignal;
}

/** Outbound calls; every failure is a `PlatformError`. */
export function createPigeonApi(platform: string, root: string, token: string): PigeonApi {
  const closed = new AbortController();
  const fail = (failure: Failure, why: string, maybeDone?: boolean): PlatformError =>
    new PlatformError({ platform, failure, message: `Cannot call: ${why}`, ...(maybeDone === undefined ? {} : { maybeDone }) });
  const raw: PigeonApi["raw"] = async (method, path, { body, form, signal } = {}) => {
    if (signal?.aborted === true) throw fail({ kind: "aborted" }, "stopped before it began", false);
    const response = await fetch(`${root}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(form !== undefined ? { body: form } : body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal]),
    }).catch((error: unknown) => {
      if (signal?.aborted === true || closed.signal.aborted) throw fail({ kind: "aborted" }, "stopped by the caller", true);
      throw fail({ kind: "unavailable" }, "the connection broke", !isRefused(error));
    });
    if (!response.ok) throw fail(...(await failureOf(response)));
    return response;
  };
  return {
    raw,
    async call(method, path, options) {
      const response = await raw(method, path, options);
      if (response.status === 204) return undefined;
      try {
        return await response.json();
      } catch {
        throw fail({ kind: "unavailable" }, "the answer broke off", true);
      }
    },
    close: () => closed.abort(),
  };
}

function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { readonly code?: unknown } | undefined) : undefined;
  return cause?.code === "ECONNREFUSED";
}

async function failureOf(response: Response): Promise<[Failure, string, boolean]> {
  const { code } = (await response.json().catch(() => ({}))) as { readonly code?: string };
  return [kindOf(response, code), `status ${response.status}`, response.status >= 500 && response.status !== 503];
}

function kindOf({ status, headers }: Response, code: string | undefined): Failure {
  switch (status) {
    case 401:
      return { kind: "unauthorized" };
    case 403:
      return { kind: "forbidden" };
    case 404:
      return { kind: "not-found", what: code === "thread" || code === "chat" ? code : "message" };
    case 409:
      return { kind: "conflict" };
    case 422:
      return { kind: code === "too-long" || code === "not-modified" ? code : "invalid" };
    case 429:
      return { kind: "rate-limited", retryAfterMs: Number(headers.get("retry-after")) * 1000 };
    default:
      return { kind: status >= 500 ? "unavailable" : "invalid" };
  }
}
