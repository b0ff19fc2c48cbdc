import type { RpcFailure, RpcResponse } from "./envelope.ts";
import { isMethodName, methods, type MethodName, type ParamsOf, type ResultOf } from "./methods.ts";
import { idOf, readRequest, type ReadRequest } from "./read-request.ts";
import { isRpcError, RpcError } from "./rpc-error.ts";
import { isAllowed, type Scope } from "./scope.ts";

/** Who asks. Its scope comes from the credential it showed and from nothing it says. */
export interface Caller {
  /** undefined: it showed none. */
  readonly scope: Scope | undefined;
}

/** What serves each method of the table. A handler throws `RpcError` for what the caller should know. */
export type Handlers<Who extends Caller = Caller> = {
  readonly [Name in MethodName]: (params: ParamsOf<Name>, caller: Who) => Promise<ResultOf<Name>>;
};

export interface DispatcherOptions<Who extends Caller = Caller> {
  readonly handlers: Handlers<Who>;
  /** A handler failed with something else than an `RpcError`: the caller is told nothing of it. */
  readonly onFault: (error: unknown, method: MethodName) => void;
  /** Characters a request may have. Default 1 048 576. */
  readonly maxLength?: number;
  /** Requests a batch may have. Default 32. */
  readonly maxBatch?: number;
}

/** Answers requests as they come off a wire. */
export interface Dispatcher<Who extends Caller = Caller> {
  /** The answer to one request or batch; undefined where nothing is to be answered. Never rejects. */
  dispatch(request: string, caller: Who): Promise<string | undefined>;
}

/** Serves the methods of the table: envelope, scope and parameters are checked before a handler sees anything. */
export function createDispatcher<Who extends Caller = Caller>(options: DispatcherOptions<Who>): Dispatcher<Who> {
  const { maxLength = 1_048_576, maxBatch = 32 } = options;
  return {
    async dispatch(request, caller) {
      if (request.length > maxLength) return refusal("too-large", `A request has at most ${maxLength} characters`);
      const parsed = parse(request);
      if (parsed === undefined) return refusal("parse-error", "The request is no JSON");
      const { value } = parsed;
      if (!Array.isArray(value)) return await answer(value, caller, options);
      if (value.length === 0 || value.length > maxBatch) {
        return refusal("invalid-request", `A batch holds 1 to ${maxBatch} requests, this one ${value.length}`);
      }
      return await answerBatch(value, caller, options);
    },
  };
}

/** One after the other: what one request changes, the next one sees. */
async function answerBatch<Who extends Caller>(
  requests: readonly unknown[],
  caller: Who,
  options: DispatcherOptions<Who>,
): Promise<string | undefined> {
  const answers: string[] = [];
  for (const request of requests) {
    const answered = await answer(request, caller, options);
    if (answered !== undefined) answers.push(answered);
  }
  return answers.length === 0 ? undefined : `[${answers.join(",")}]`;
}

async function answer<Who extends Caller>(
  value: unknown,
  caller: Who,
  options: DispatcherOptions<Who>,
): Promise<string | undefined> {
  const id = idOf(value);
  let isNotification = false;
  try {
    const request = readRequest(value);
    isNotification = request.id === undefined;
    const result = await call(request, caller, options);
    return isNotification ? undefined : JSON.stringify({ jsonrpc: "2.0", id, result } satisfies RpcResponse);
  } catch (error) {
    if (isNotification) return undefined;
    return failure(id, isRpcError(error) ? error : new RpcError("internal", "The request failed. The gateway's log says why."));
  }
}

async function call<Who extends Caller>(
  { method, params }: ReadRequest,
  caller: Who,
  { handlers, onFault }: DispatcherOptions<Who>,
): Promise<unknown> {
  if (!isMethodName(method)) throw new RpcError("unknown-method", `There is no method ${JSON.stringify(method)}`);
  const { scope, params: shape } = methods[method];
  if (!isAllowed(caller.scope, scope)) {
    if (caller.scope === undefined) throw new RpcError("unauthorized", `\`${method}\` needs a credential`);
    throw new RpcError("forbidden", `\`${method}\` needs the scope \`${scope}\`, this credential has \`${caller.scope}\``);
  }
  const checked = shape.check(params, "");
  if (!checked.ok) throw new RpcError("invalid-params", checked.problem, { field: checked.at });
  // The table says that the shape's value is what this handler takes.
  const handler = handlers[method] as (params: unknown, caller: Who) => Promise<unknown>;
  try {
    return await handler(checked.value, caller);
  } catch (error) {
    if (!isRpcError(error)) onFault(error, method);
    throw error;
  }
}

/** In a box: what was parsed may be anything, also nothing. */
function parse(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) };
  } catch {
    return undefined;
  }
}

function refusal(kind: "too-large" | "parse-error" | "invalid-request", message: string): string {
  return failure(null, new RpcError(kind, message));
}

function failure(id: RpcFailure["id"], { code, kind, message, field, retryAfterMs }: RpcError): string {
  const data = { kind, ...(field === undefined ? {} : { field }), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } } satisfies RpcFailure);
}
