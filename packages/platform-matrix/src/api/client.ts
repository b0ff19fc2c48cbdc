import type { IncomingHttpHeaders } from "node:http";
import { HttpFailure, type Http, type UploadBody } from "@hermes/http";
import type { IHttpOpts, MatrixHttpApi } from "matrix-js-sdk/lib/http-api/index.js";

export interface ClientOptions {
  readonly baseUrl: string;
  readonly http: Http;
  /** How long an answer may stay away, in milliseconds. */
  readonly silenceMs: number;
  /** Without secrets; the SDK says there what it calls. */
  readonly debug: (message: string) => void;
}

/** One call as the SDK takes it. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT";
  /** Behind the prefix, its parts encoded. */
  readonly path: string;
  /** Default `/_matrix/client/v3`. */
  readonly prefix?: string | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: Readonly<Record<string, unknown>> | StreamedBody | undefined;
  readonly contentType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** It goes without a token. */
  readonly isOpen?: boolean | undefined;
}

/** A body that is read while it is sent. A class, since the SDK writes plain objects as JSON. */
export class StreamedBody {
  readonly upload: UploadBody;

  constructor(upload: UploadBody) {
    this.upload = upload;
  }
}

export interface Client {
  /** The token that goes with each call. */
  token: string | undefined;
  /** Resolves to the answer's JSON. Throws what the SDK throws, or an `HttpFailure`. */
  request(call: Call): Promise<unknown>;
  /** The address of a call that is not made through the SDK, such as a download. */
  url(path: string, prefix: string, query?: Readonly<Record<string, string>>): URL;
}

/** A homeserver may look at a large file before it answers. */
const uploadPatience = 5;

/**
 * The SDK's HTTP client: addresses, tokens and errors. Loads it now; not its `MatrixClient`, which keeps every room's timeline in memory
 * and would come with 30 MB more.
 */
export async function openClient({ baseUrl, http, silenceMs, debug }: ClientOptions): Promise<Client> {
  const { MatrixHttpApi: HttpApi, Method } = await import("matrix-js-sdk/lib/http-api/index.js");
  const options: IHttpOpts & { accessToken?: string } = {
    baseUrl,
    prefix: "/_matrix/client/v3",
    onlyData: true,
    fetchFn: fetchOver(http, silenceMs),
    logger: quietLogger(debug),
  };
  // The events it sends (logged out, terms to accept) come with errors that are thrown as well.
  const emitter = { emit: () => false } as unknown as ConstructorParameters<typeof MatrixHttpApi>[0];
  const api = new HttpApi(emitter, options);
  const methods = { GET: Method.Get, POST: Method.Post, PUT: Method.Put } as const;
  return {
    get token() {
      return options.accessToken;
    },
    set token(token) {
      if (token === undefined) delete options.accessToken;
      else options.accessToken = token;
    },
    request({ method, path, prefix, query, body, contentType, signal, isOpen = false }) {
      const details = {
        ...(prefix === undefined ? {} : { prefix }),
        ...(contentType === undefined ? {} : { headers: { "Content-Type": contentType } }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
        inhibitLogoutEmit: true,
        priority: "auto" as const,
      };
      const given = body as Record<string, unknown> | undefined;
      if (isOpen) return api.request(methods[method], path, { ...query }, given, details);
      return api.authedRequest(methods[method], path, { ...query }, given, details);
    },
    url: (path, prefix, query) => api.getUrl(path, query, prefix),
  };
}

/** `fetch` as the SDK calls it. What ends without an answer throws while the answer is read: the SDK would hide the reason otherwise. */
function fetchOver(http: Http, silenceMs: number): typeof fetch {
  return async (resource, init) => {
    const url = new URL(resource instanceof Request ? resource.url : resource);
    const { method = "GET", headers, signal, body } = init ?? {};
    const isSync = url.pathname.endsWith("/sync");
    const given = body as unknown as string | StreamedBody | undefined;
    const heldMs = isSync ? Number(url.searchParams.get("timeout") ?? 0) : 0;
    try {
      const answer = await http.exchange({
        method,
        url,
        headers: headers as Record<string, string>,
        body: typeof given === "object" ? given.upload : given,
        signal: signal ?? undefined,
        silenceMs: heldMs + silenceMs * (typeof given === "object" ? uploadPatience : 1),
      });
      return response(answer.status, headersOf(answer.headers), async () => answer.text);
    } catch (error) {
      return response(0, new Headers(), () => Promise.reject(error));
    }
  };
}

/** As the SDK looks at them. */
export function headersOf(headers: IncomingHttpHeaders): Headers {
  const found = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) found.set(name, String(value));
  return found;
}

/** As much of a `Response` as the SDK looks at. */
function response(status: number, headers: Headers, text: () => Promise<string>): Response {
  const partial: Pick<Response, "ok" | "status" | "headers" | "text" | "json" | "url"> = {
    ok: status >= 200 && status < 300,
    status,
    headers,
    url: "",
    text,
    json: async () => {
      const found = await text();
      try {
        return JSON.parse(found) as unknown;
      } catch {
        // Somebody in between answers with a page of its own: what is in it stays out of the error.
        throw new HttpFailure(`HTTP_${status}_WITHOUT_JSON`, true);
      }
    },
  };
  return partial as Response;
}

/** The SDK's words go to the log, never to the console. What it could say of a token or an error's details is left out. */
function quietLogger(debug: (message: string) => void): NonNullable<IHttpOpts["logger"]> {
  const say = (message?: unknown): void => {
    if (typeof message === "string") debug(message);
  };
  const logger = { trace: say, debug: say, info: say, warn: say, error: say, getChild: () => logger };
  return logger;
}
