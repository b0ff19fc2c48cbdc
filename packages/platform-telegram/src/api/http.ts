import { HttpFailure, openHttp, type HttpAnswer, type HttpSignal, type HttpText, type UploadBody } from "@hermes/http";

export interface BotHttp {
  /**
   * Posts JSON to `path` behind the root and resolves to the answer's JSON, an object with `ok`. Rejects with an `HttpFailure`, and only
   * once the connection of the call is closed.
   */
  post(path: string, body: string, signal?: HttpSignal): Promise<Answer>;
  /** The same with a body that is read while it is sent; rejects with what its source threw, too. */
  upload(path: string, body: UploadBody, signal?: HttpSignal): Promise<Answer>;
  /** Fetches what lies at `path`; follows no redirect. The signal ends the body as well. */
  download(path: string, signal: HttpSignal): Promise<HttpAnswer>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** What was answered, as far as it is known to be an answer. */
export interface Answer {
  readonly ok: unknown;
}

export interface BotHttpOptions {
  /** An http or https address without a slash at its end. */
  readonly root: string;
  /** An http or https proxy to go through. */
  readonly proxy?: string | undefined;
  /** How long an answer may stay away. */
  readonly silenceMs: number;
}

/** Telegram looks at a large file before it answers. */
const uploadPatience = 5;

/** Calls of one Bot API server. */
export function openBotHttp({ root, proxy, silenceMs }: BotHttpOptions): BotHttp {
  const http = openHttp({ proxy });
  const urls = new Map<string, URL>();
  const post = async (path: string, contentType: string, body: string | UploadBody, patienceMs: number, signal?: HttpSignal) => {
    const headers = { "content-type": contentType };
    // As many as there are methods.
    const url = urls.get(path) ?? new URL(`${root}${path}`);
    urls.set(path, url);
    return parseAnswer(await http.exchange({ method: "POST", url, headers, body, signal, silenceMs: patienceMs }));
  };
  return {
    post: (path, body, signal) => post(path, "application/json", body, silenceMs, signal),
    upload: (path, body, signal) => post(path, body.contentType, body, silenceMs * uploadPatience, signal),
    download: (path, signal) => http.open({ method: "GET", url: new URL(`${root}${path}`), signal, silenceMs }),
    close: () => http.close(),
  };
}

/** A gateway in between answers with a page of its own: what is in it stays out of the error. */
function parseAnswer({ text, status }: HttpText): Answer {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "ok" in parsed) return parsed;
  } catch {
    throw new HttpFailure(`HTTP_${status}_WITHOUT_JSON`, true);
  }
  throw new HttpFailure(`HTTP_${status}_OF_ANOTHER_KIND`, true);
}
