import { refuse, startProtocolServer, type ProtocolServer, type Reply, type ServerCall } from "@hermes/testkit/server";
import { checkChatRequest } from "./server/chat-rules.ts";
import { chunksOf, completionOf } from "./server/chat-stream.ts";
import { openAiError } from "./server/errors.ts";
import { sentEvents } from "./server/events.ts";
import { answerGenerateContent } from "./server/generate-content.ts";
import { answerMessages } from "./server/messages.ts";
import { answerResponses } from "./server/responses.ts";
import type { ModelRequest, ModelScript, ModelStep } from "./server/script.ts";

export type { ModelRequest, ModelScript, ModelStep, ScriptedCall } from "./server/script.ts";

/** How the server behaves. */
export interface ModelServerOptions {
  readonly script?: ModelScript;
  /** The key it takes. Default `key`. */
  readonly apiKey?: string;
  /** Default `["model"]`. */
  readonly models?: readonly string[];
}

/** A server on loopback that answers what the test says: OpenAI's two ways, Anthropic's and Google's. */
export interface ModelServer extends AsyncDisposable {
  /** The address for `baseUrl`: `http://127.0.0.1:port/v1`. */
  readonly baseUrl: string;
  /** Every request for an answer, oldest first; refused ones as well. */
  readonly requests: readonly ModelRequest[];
  readonly http: ProtocolServer;
  /** What comes next, before the rest of the script. */
  next(...steps: readonly ModelStep[]): void;
  /** Resolves once so many requests have come. */
  untilRequests(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts one on a free port. Without a script it says `ok` to everything. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const { script = [{ text: ["ok"] }], apiKey = "key", models = ["model"] } = options;
  const requests: ModelRequest[] = [];
  const queued: ModelStep[] = [];
  let count = 0;
  const stepFor = (request: ModelRequest): ModelStep => {
    const next = queued.shift();
    if (next !== undefined) return next;
    count += 1;
    const step = typeof script === "function" ? script(request, count) : script[Math.min(count, script.length) - 1];
    if (step === undefined) throw new Error("The script of the model server is empty");
    return step;
  };
  const read = (call: ServerCall): ModelRequest => {
    const request = {
      path: call.url.pathname,
      headers: call.headers,
      raw: call.text(),
      body: call.json() as ModelRequest["body"],
    };
    requests.push(request);
    // Anthropic's words; the others refuse it as well.
    if (halfCharacter.test(request.raw))
      throw refuse(400, {
        type: "error",
        error: { type: "invalid_request_error", message: "The request body is not valid JSON: no low surrogate in string" },
      });
    return request;
  };
  const bearer = (call: ServerCall): void => {
    if (call.headers.get("authorization") !== `Bearer ${apiKey}`) throw openAiError({ status: 401 });
  };
  /** Signatures that were given out, and are wanted back. */
  const given = new Set<string>();
  const chat = (call: ServerCall): Reply => {
    bearer(call);
    const request = read(call);
    checkChatRequest(request.body);
    return chatReply(request, stepFor(request));
  };
  const respond = (call: ServerCall): Reply => {
    bearer(call);
    const request = read(call);
    return answerResponses(request, () => stepFor(request), given);
  };
  const message = (call: ServerCall): Reply => {
    const request = read(call);
    return answerMessages(request, () => stepFor(request), given, apiKey);
  };
  const generate = (call: ServerCall): Reply => {
    const request = read(call);
    return answerGenerateContent(request, () => stepFor(request), given, apiKey);
  };
  const list = (call: ServerCall): Reply => {
    bearer(call);
    return { body: { object: "list", data: models.map((id) => ({ id, object: "model", created: 1, owned_by: "test" })) } };
  };
  const http = await startProtocolServer({
    routes: [
      { method: "POST", path: "/v1/chat/completions", operation: "chat", handle: chat },
      { method: "POST", path: "/v1/responses", operation: "responses", handle: respond },
      { method: "POST", path: "/v1/messages", operation: "messages", handle: message },
      { method: "POST", path: "/v1/models/:call", operation: "generate", handle: generate },
      { method: "GET", path: "/v1/models", operation: "models", handle: list },
    ],
    unknown: (method, url) => ({
      status: 404,
      body: {
        error: { message: `Invalid URL (${method} ${url.pathname})`, type: "invalid_request_error", param: null, code: null },
      },
    }),
    broken: (error) => ({
      status: 500,
      body: { error: { message: String(error), type: "server_error", param: null, code: null } },
    }),
    maxBodyBytes: 50_000_000,
  });
  return {
    baseUrl: `${http.url}/v1`,
    requests,
    http,
    next: (...steps) => void queued.push(...steps),
    untilRequests: (wanted) => http.until(() => requests.length >= wanted, `${wanted} requests`),
    close: () => http.close(),
    [Symbol.asyncDispose]: () => http.close(),
  };
}

/** One half of a character of two, which no UTF-8 can hold. */
const halfCharacter = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/u;

function chatReply({ body }: ModelRequest, step: ModelStep): Reply {
  if ("error" in step) throw openAiError(step.error);
  const model = String(body["model"]);
  if (body["stream"] !== true) return { body: completionOf(step, model) };
  const { include_usage: includeUsage } = (body["stream_options"] ?? {}) as { readonly include_usage?: boolean };
  if (body["stream_options"] !== undefined && typeof includeUsage !== "boolean")
    throw refuse(400, {
      error: { message: "Invalid stream_options", type: "invalid_request_error", param: "stream_options", code: null },
    });
  const events = chunksOf(step, model, includeUsage === true).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return { headers: { "content-type": "text/event-stream; charset=utf-8" }, body: sentEvents(step, events, "data: [DONE]\n\n") };
}
