import type { OutboundFile } from "@hermes/core";
import { HttpFailure, multipart, openHttp, type Http, type HttpText, type UploadBody } from "@hermes/http";
import { failureOf, toPlatformFailure } from "./failure.ts";

export interface ApiOptions {
  /** The instance's id, for errors. */
  readonly platform: string;
  readonly token: string;
  readonly apiRoot: string;
  /** An http or https proxy to go through. */
  readonly proxy?: string | undefined;
  /** How long an answer may stay away, in milliseconds. Default 15 s, as discord.js waits. */
  readonly silenceMs?: number;
  /** What time it is. Default: the time since the process began. */
  readonly nowMs?: () => number;
}

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Behind the version; only ids that were checked stand in it. */
  readonly path: `/${string}`;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Streamed beside the body. */
  readonly files?: readonly OutboundFile[];
  readonly signal?: AbortSignal | undefined;
  /** The path itself holds a secret that lets in. Default true. */
  readonly isAuthorized?: boolean;
}

/** What every group of calls is made of. */
export interface Calls {
  readonly platform: string;
  readonly http: Http;
  /** How long an answer may stay away, in milliseconds. */
  readonly silenceMs: number;
  /** Asks Discord; what goes wrong becomes a `PlatformError` that says what was tried. */
  readonly request: (what: string, request: Request) => Promise<unknown>;
  /** The same; throws what discord.js throws. */
  readonly raw: (request: Request) => Promise<unknown>;
  close(): void;
}

const defaultSilenceMs = 15_000;
/** The connection itself is watched closer: this only ends what discord.js would wait for without an end. */
const longestCallMs = 15 * 60_000;
/** How long a token that was refused is not tried: ten thousand refusals in ten minutes lock a whole address out (Rate Limits). */
const refusedMs = 60_000;
/** Discord looks at a large file before it answers. */
const uploadPatience = 5;

/** Opens Discord's API; loads discord.js now. */
export async function openCalls(options: ApiOptions): Promise<Calls> {
  const { REST } = await import("discord.js");
  const http = openHttp({ proxy: options.proxy });
  const { silenceMs = defaultSilenceMs, nowMs = () => performance.now() } = options;
  let refusedAtMs: number | undefined;
  const rest = new REST({
    api: options.apiRoot,
    version: "10",
    // Each send is tried once, and a rate limit is told instead of being waited for: the gateway repeats and paces by itself.
    retries: 0,
    rejectOnRateLimit: () => true,
    // Added to every limit by default; what Discord says is what is told.
    offset: 0,
    timeout: longestCallMs,
    makeRequest: async (url, init) => {
      const { method = "GET", body } = init;
      const signal = init.signal ?? undefined;
      const headers = init.headers as Record<string, string>;
      const call = isUpload(body)
        ? { body, headers: { ...headers, "content-type": body.contentType }, silenceMs: silenceMs * uploadPatience }
        : { body: typeof body === "string" ? body : undefined, headers, silenceMs };
      const answer = await http.exchange({ method, url: new URL(url), signal, ...call });
      if (answer.status === 401) refusedAtMs = nowMs();
      const response: unknown = responseOf(answer);
      // The types of an older `fetch` than Node's.
      return response as never;
    },
  }).setToken(options.token);

  const raw = async ({ method, path, query, body, files = [], signal, isAuthorized = true }: Request): Promise<unknown> => {
    if (signal?.aborted === true) throw new HttpFailure("ABORTED", false);
    // discord.js forgets a token that was refused; but Discord refused good ones, too, while it was out of order.
    if (refusedAtMs !== undefined && nowMs() - refusedAtMs >= refusedMs) {
      refusedAtMs = undefined;
      rest.setToken(options.token);
    }
    const upload = files.length === 0 ? { body } : { body: formOf(body ?? {}, files), passThroughBody: true };
    return rest.request({
      method: method as never,
      fullRoute: path,
      ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
      ...upload,
      auth: isAuthorized,
      // discord.js never lets go of the signals it is given: this one lives no longer than the call.
      ...(signal === undefined ? {} : { signal: AbortSignal.any([signal]) }),
    });
  };

  return {
    platform: options.platform,
    http,
    silenceMs,
    raw,
    async request(what, request) {
      try {
        return await raw(request);
      } catch (error) {
        const failure = toPlatformFailure(error, what, options.platform);
        if (request.method !== "GET" || !failure.maybeDone) throw failure;
        // What only asks changes nothing, whatever became of it.
        const why = failure.message.replace(`[${options.platform}] Cannot ${what}: `, "");
        throw failureOf(failure.failure, what, why, options.platform, false);
      }
    },
    close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
      http.close();
    },
  };
}

/** `payload_json` and `files[n]` (Uploading Files). */
function formOf(payload: object, files: readonly OutboundFile[]): UploadBody {
  return multipart(
    [{ name: "payload_json", text: JSON.stringify(payload), contentType: "application/json" }],
    files.map((file, index) => ({ name: `files[${index}]`, file })),
  );
}

function isUpload(body: unknown): body is UploadBody {
  return typeof body === "object" && body !== null && "chunks" in body && "sizeBytes" in body;
}

function responseOf({ status, headers, text }: HttpText): Response {
  // A `Response` of these may have no body, and one below 200 does not exist.
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (status < 200 || status > 599) throw new HttpFailure(`HTTP_${status}`, true);
  const known = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Response(isEmpty ? null : text, { status, statusText: `HTTP ${status}`, headers: known });
}
