import type { RpcRequest } from "./envelope.ts";
import { methods, type MethodName, type ParamsOf, type ResultOf } from "./methods.ts";
import { errorKindOf, RpcError } from "./rpc-error.ts";
import type { Shape } from "./shape.ts";

export interface ClientOptions {
  /** Carries a request to a gateway and resolves with the answer to it, parsed: a POST, a WebSocket, or a dispatcher in this process. */
  readonly send: (request: RpcRequest) => Promise<unknown>;
}

/** Asks a gateway. */
export interface Client {
  /**
   * Calls one method of the table; parameters may be left out where all of them may.
   *
   * @throws RpcError when the gateway refuses, or answers with something that is no answer; whatever `send` throws.
   */
  call<Name extends MethodName>(name: Name, ...params: ArgumentsOf<Name>): Promise<ResultOf<Name>>;
}

type ArgumentsOf<Name extends MethodName> =
  Partial<ParamsOf<Name>> extends ParamsOf<Name> ? readonly [params?: ParamsOf<Name>] : readonly [params: ParamsOf<Name>];

/** A client whose parameters and results have the types of the table; what comes back is checked before it is believed. */
export function createClient({ send }: ClientOptions): Client {
  let lastId = 0;
  return {
    async call<Name extends MethodName>(name: Name, ...[params]: ArgumentsOf<Name>): Promise<ResultOf<Name>> {
      lastId += 1;
      const id = lastId;
      const answer = await send({ jsonrpc: "2.0", id, method: name, params: params ?? {} });
      const result = resultOf(answer, id, name);
      // The table says that this is the shape of what the method answers.
      const checked = (methods[name].result as Shape<unknown>).check(result, "result");
      if (!checked.ok) throw noAnswer(name, checked.problem);
      return checked.value as ResultOf<Name>;
    },
  };
}

function resultOf(answer: unknown, id: number, name: MethodName): unknown {
  if (!isRecord(answer) || answer["jsonrpc"] !== "2.0") throw noAnswer(name, "It is no JSON-RPC 2.0");
  if ("error" in answer) throw failureOf(answer["error"], name);
  if (answer["id"] !== id) throw noAnswer(name, "It has the id of another request");
  return answer["result"];
}

function failureOf(error: unknown, name: MethodName): RpcError {
  const { code, message, data } = isRecord(error) ? error : {};
  if (typeof code !== "number" || typeof message !== "string") return noAnswer(name, "Its error has no code or message");
  const known = isRecord(data) ? data : {};
  const { field, retryAfterMs } = known;
  return new RpcError(errorKindOf(code) ?? "internal", message, {
    ...(typeof field === "string" ? { field } : {}),
    ...(typeof retryAfterMs === "number" ? { retryAfterMs } : {}),
  });
}

function noAnswer(name: MethodName, why: string): RpcError {
  return new RpcError(
    "invalid-answer",
    `What came back is no answer to \`${name}\`: ${why}. Is it a gateway of another version?`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
