import type { Clock, PlatformHost } from "@hermes/core";
import { ApiError } from "./api-error.ts";
import { decodeChatCompletion, decodeResponse } from "./decode.ts";
import { encodeModel, encodeResponse } from "./encode.ts";
import type { Desk } from "./exchange/desk.ts";
import type { KeptResponses } from "./exchange/kept-responses.ts";
import { notFound } from "./exchange/place.ts";
import { parseJson, readBody } from "./transport/body.ts";
import { corsHeaders, preflight } from "./transport/cors.ts";
import { bearerOf, type KeyRing, type NamedKey } from "./transport/keys.ts";
import { respondStreaming, respondWhole } from "./transport/respond.ts";
import { routeOf, type Route } from "./transport/route.ts";
import { idempotencyKeyOf, sessionOf } from "./transport/session.ts";
import type { Slots } from "./transport/slots.ts";
import type { WrongKeys } from "./transport/wrong-keys.ts";

export interface TransportParts {
  readonly modelName: string;
  readonly maxBodyBytes: number;
  readonly maxQueuedBytes: number;
  readonly corsOrigins: ReadonlySet<string>;
  readonly keys: KeyRing;
  readonly wrongKeys: WrongKeys;
  readonly addressOf: (request: Request) => string | undefined;
  readonly slots: Slots;
  readonly desk: Desk;
  readonly kept: KeptResponses;
  readonly clock: Clock;
}

/** Answers one request. The key is checked before a byte of the body is read. */
export async function receiveRequest(request: Request, host: PlatformHost, parts: TransportParts): Promise<Response> {
  let cors: Readonly<Record<string, string>> = {};
  try {
    cors = corsHeaders(request, parts.corsOrigins);
    if (request.method === "OPTIONS") return finished(preflight(), cors);
    const caller = callerOf(request, parts);
    const route = routeOf(request);
    return finished(await answer(route, { request, host, caller, parts }), cors);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return finished(Response.json(error.body, { status: error.status, headers: error.headers }), cors);
  }
}

/** What every answer says of itself. */
function finished(response: Response, cors: Readonly<Record<string, string>>): Response {
  const always = { "cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" };
  for (const [name, value] of Object.entries({ ...always, ...cors })) response.headers.set(name, value);
  return response;
}

function callerOf(request: Request, { keys, wrongKeys, addressOf }: TransportParts): NamedKey {
  const address = addressOf(request);
  const blockedSeconds = wrongKeys.blockedSeconds(address);
  if (blockedSeconds !== undefined) throw tooManyWrongKeys(blockedSeconds);
  const given = bearerOf(request.headers);
  if (given === undefined) throw unauthorized("Expected the header `Authorization: Bearer …` with an API key");
  const caller = keys.find(given);
  if (caller !== undefined) return caller;
  const seconds = wrongKeys.note(address);
  throw seconds === undefined ? unauthorized("The API key is wrong") : tooManyWrongKeys(seconds);
}

function unauthorized(message: string): ApiError {
  return new ApiError({ status: 401, code: "invalid_api_key", message, headers: { "www-authenticate": "Bearer" } });
}

function tooManyWrongKeys(seconds: number): ApiError {
  return new ApiError({
    status: 429,
    code: "too_many_wrong_keys",
    message: "Too many wrong API keys: try again later",
    headers: { "retry-after": String(seconds) },
  });
}

interface Asked {
  readonly request: Request;
  readonly host: PlatformHost;
  readonly caller: NamedKey;
  readonly parts: TransportParts;
}

async function answer(route: Route, asked: Asked): Promise<Response> {
  const { modelName } = asked.parts;
  switch (route.kind) {
    case "models":
      return Response.json({ object: "list", data: [encodeModel(modelName)] });
    case "model":
      if (route.id !== modelName) throw notFound("model_not_found", `The one model here is \`${modelName}\``, "model");
      return Response.json(encodeModel(modelName));
    case "response":
      return await keptResponse(route.id, asked);
    case "chat-completions":
    case "responses":
      return await ask(route.kind, asked);
  }
}

async function keptResponse(id: string, { request, host: { memory }, caller, parts: { kept } }: Asked): Promise<Response> {
  const found = id.startsWith("resp_") ? await kept.find(memory, id, caller.name) : undefined;
  if (found === undefined) throw notFound("response_not_found", "There is no response with this id");
  if (request.method === "GET") return Response.json(encodeResponse(found));
  await kept.remove(memory, found);
  return Response.json({ id, object: "response", deleted: true });
}

async function ask(api: "chat-completions" | "responses", { request, host, caller, parts }: Asked): Promise<Response> {
  const { clock, maxBodyBytes, maxQueuedBytes, slots, desk } = parts;
  const release = slots.take();
  try {
    const session = sessionOf(request.headers, caller);
    const idempotencyKey = idempotencyKeyOf(request.headers);
    const body = await readBody(request, maxBodyBytes);
    const decoded = (api === "responses" ? decodeResponse : decodeChatCompletion)(parseJson(body));
    const exchange = await desk.open({ request: decoded, caller: caller.name, session, idempotencyKey, body, host });
    // A turn nobody waits for takes room as long as it runs.
    const onOver = (): void => void exchange.answer.then(release);
    const options = { signal: request.signal, clock, maxQueuedBytes, onOver };
    const response = decoded.stream ? respondStreaming(exchange, options) : await respondWhole(exchange, options);
    if (session?.sessionId !== undefined) response.headers.set("x-hermes-session-id", session.sessionId);
    return response;
  } catch (error) {
    release();
    throw error;
  }
}
