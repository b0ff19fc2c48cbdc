import type { Http, HttpAnswer } from "@hermes/http";
import { headersOf, type Call, type Client } from "./client.ts";
import { refusalIn, toPlatformFailure, type Caller } from "./failure.ts";
import type { Session } from "./session.ts";

/** What every group of calls is made of. */
export interface Calls {
  readonly caller: Caller;
  readonly userId: string;
  /**
   * Makes one call, and a second time where the homeserver wants a newer token. What goes wrong becomes a `PlatformError` that says
   * `what` was tried; `missing`: what is gone where the homeserver finds nothing.
   */
  readonly request: (what: string, call: Call, missing?: "chat" | "message") => Promise<Answer>;
  /** The same for what is read while it comes. Throws what `request` throws; the answer may have any status below 400. */
  readonly fetch: (what: string, path: string, prefix: string, signal: AbortSignal) => Promise<HttpAnswer>;
}

/** A JSON object, its members not looked at yet. */
export type Answer = Readonly<Record<string, unknown>>;

export interface CallsOptions {
  readonly platform: string;
  readonly userId: string;
  readonly client: Client;
  readonly session: Session;
  readonly http: Http;
  readonly silenceMs: number;
}

export function openCalls({ platform, userId, client, session, http, silenceMs }: CallsOptions): Calls {
  const caller: Caller = { platform, secrets: () => session.secrets };
  const renewed = async (error: unknown, token: string | undefined, signal: AbortSignal | undefined): Promise<boolean> =>
    refusalIn(error)?.code === "M_UNKNOWN_TOKEN" && (await session.renew(token, signal));
  const twice = async <Result>(signal: AbortSignal | undefined, call: () => Promise<Result>): Promise<Result> => {
    const { token } = client;
    try {
      return await call();
    } catch (error) {
      if (!(await renewed(error, token, signal))) throw error;
      return await call();
    }
  };
  return {
    caller,
    userId,
    async request(what, call, missing) {
      try {
        const answer = await twice(call.signal, () => client.request(call));
        if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) return answer as Answer;
        throw new SyntaxError("Expected an object");
      } catch (error) {
        throw toPlatformFailure(error, what, caller, missing);
      }
    },
    async fetch(what, path, prefix, signal) {
      try {
        return await twice(signal, async () => {
          const headers = { authorization: `Bearer ${client.token ?? ""}` };
          const answer = await http.open({ method: "GET", url: client.url(path, prefix), headers, signal, silenceMs });
          if (answer.status < 400) return answer;
          throw await refused(answer);
        });
      } catch (error) {
        throw toPlatformFailure(error, what, caller, "message");
      }
    },
  };
}

const maxRefusalBytes = 64 * 1024;

/** As the SDK throws it. */
async function refused(answer: HttpAnswer): Promise<Error> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.chunks()) {
    sizeBytes += chunk.byteLength;
    // Whoever says more than this about a refusal says it in no words of Matrix's.
    if (sizeBytes > maxRefusalBytes) break;
    parts.push(chunk);
  }
  const data = json(Buffer.concat(parts).toString("utf8"));
  return Object.assign(new Error("Refused"), { httpStatus: answer.status, httpHeaders: headersOf(answer.headers), data });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody in between answers with a page of its own; its status says enough.
    return undefined;
  }
}

/** A part of a path. */
export function part(text: string): string {
  return encodeURIComponent(text);
}
