import { pause, type Clock } from "@hermes/core";
import { HttpFailure, UnreadableFile, type Http, type HttpAnswer, type UploadBody } from "@hermes/http";
import { MediaFailure } from "../media-failure.ts";
import { timeLimit, type TimeLimit } from "../time-limit.ts";
import { waitBefore } from "./wait-before.ts";

/** One request to an OpenAI-compatible service. */
export interface ServiceCall {
  readonly url: URL;
  readonly apiKey: string | undefined;
  readonly body: string | UploadBody;
  /** For all tries together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What calls are made with. */
export interface ServiceParts {
  readonly http: Http;
  readonly clock: Clock;
  readonly random: () => number;
}

/** What makes sense is far smaller. */
const maxAnswerBytes = 1_048_576;

/**
 * The text of a service's answer. A refusal that may pass, and a connection that broke, are tried again a few times; no redirect is
 * followed, so the key goes nowhere else. Throws `MediaFailure`, which quotes nothing of the answer.
 */
export async function callService(call: ServiceCall, { http, clock, random }: ServiceParts): Promise<string> {
  using limit = timeLimit(call.timeoutMs, clock, call.signal);
  for (let tries = 1; ; tries += 1) {
    const outcome = await tryOnce(call, http, limit);
    if (typeof outcome === "string") return outcome;
    const waitMs = outcome.isPassing ? waitBefore(tries, outcome.retryAfter, clock, random) : undefined;
    if (waitMs === undefined) throw outcome.failure;
    await pause(waitMs, clock, limit.signal);
    limit.check();
  }
}

interface Refusal {
  readonly failure: MediaFailure;
  /** It may be another answer in a while. */
  readonly isPassing: boolean;
  readonly retryAfter?: string | undefined;
}

async function tryOnce(call: ServiceCall, http: Http, limit: TimeLimit): Promise<string | Refusal> {
  const { url, apiKey, body, timeoutMs } = call;
  const headers = {
    accept: "application/json",
    "content-type": typeof body === "string" ? "application/json" : body.contentType,
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  try {
    const answer = await http.open({ method: "POST", url, headers, body, signal: limit.signal, silenceMs: timeoutMs });
    if (answer.status === 200) return await textOf(answer);
    answer.discard();
    const retryAfter = answer.headers["retry-after"];
    return { ...refusalOf(answer.status), retryAfter };
  } catch (error) {
    limit.check();
    if (error instanceof MediaFailure) throw error;
    if (error instanceof UnreadableFile) throw new MediaFailure({ kind: "gone" }, error);
    if (!(error instanceof HttpFailure)) throw error;
    return { failure: new MediaFailure({ kind: "unreachable", code: error.code }), isPassing: error.code !== "CLOSED" };
  }
}

function refusalOf(status: number): Refusal {
  if (status === 401 || status === 403) return { failure: new MediaFailure({ kind: "unauthorized", status }), isPassing: false };
  if (status === 429 || status >= 500) return { failure: new MediaFailure({ kind: "overloaded", status }), isPassing: true };
  return { failure: new MediaFailure({ kind: "refused", status }), isPassing: false };
}

async function textOf(answer: HttpAnswer): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.chunks()) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxAnswerBytes) throw new MediaFailure({ kind: "senseless-answer" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
