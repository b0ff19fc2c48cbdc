import type { webApi } from "@slack/bolt";
import { rateLimitedWithoutTime } from "./failure.ts";
import { HttpFailure, type Http, type HttpText } from "@hermes/http";

/** What the SDK calls `fetch` with, and takes back: its package does not name these types. */
export type SdkFetch = NonNullable<webApi.WebClientOptions["fetch"]>;
type FetchInit = NonNullable<Parameters<SdkFetch>[1]>;
type FetchAnswer = Awaited<ReturnType<SdkFetch>>;

/** Over which connections, and how long an answer may stay away. */
export interface SdkHttp {
  readonly http: Http;
  readonly silenceMs: number;
}

/** `fetch` for the SDK on connections that can be closed; the signal is asked for at each call. */
export function sdkFetch(through: SdkHttp, signal: () => AbortSignal | undefined): SdkFetch {
  return async (url, init = {}) => responseOf(await post(String(url), init, through, signal()), String(url));
}

async function post(
  url: string,
  init: FetchInit,
  { http, silenceMs }: SdkHttp,
  signal: AbortSignal | undefined,
): Promise<HttpText> {
  const { headers = {}, body } = init;
  // Only an upload by the SDK would be a form; files are streamed here instead.
  if (typeof body !== "string") throw new HttpFailure("NOT_A_TEXT", false);
  return await http.exchange({
    method: "POST",
    url: new URL(url),
    headers: { ...headers },
    body,
    signal,
    silenceMs,
  });
}

function responseOf({ status, headers, text }: HttpText, url: string): FetchAnswer {
  if (status === 429 && !/^\d+$/u.test(headers["retry-after"] ?? "")) throw new HttpFailure(rateLimitedWithoutTime, true);
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  const known = new Map(entries);
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: "",
    url,
    headers: { get: (name) => known.get(name.toLowerCase()) ?? null, entries: () => entries },
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
    json: async () => JSON.parse(text) as unknown,
    text: async () => text,
  };
}
