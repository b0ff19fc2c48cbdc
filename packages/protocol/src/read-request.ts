import type { RequestId } from "./envelope.ts";
import { RpcError } from "./rpc-error.ts";

/** A request whose envelope is right; its parameters are not looked at yet. */
export interface ReadRequest {
  readonly method: string;
  readonly params: unknown;
  /** undefined: a notification. */
  readonly id: RequestId | undefined;
}

const maxIdLength = 256;
const maxMethodLength = 128;

/**
 * Reads one request's envelope.
 *
 * @throws RpcError of kind `invalid-request`.
 */
export function readRequest(value: unknown): ReadRequest {
  if (!isRecord(value)) throw invalid("Expected a request to be an object");
  const version = own(value, "jsonrpc");
  if (version !== "2.0") throw invalid('Expected `jsonrpc` to be "2.0"');
  const id = own(value, "id");
  if (id !== undefined && !isRequestId(id)) {
    throw invalid(`Expected \`id\` to be a text of at most ${maxIdLength} characters, a number or null`);
  }
  const method = own(value, "method");
  if (typeof method !== "string" || method === "" || method.length > maxMethodLength) {
    throw invalid(`Expected \`method\` to be a text of 1 to ${maxMethodLength} characters`);
  }
  const params = own(value, "params");
  return { method, params: params === undefined ? {} : params, id };
}

/** The id to answer with; null where there is none that can be given back. */
export function idOf(value: unknown): RequestId {
  const id = isRecord(value) ? own(value, "id") : null;
  return isRequestId(id) ? id : null;
}

/** What would come back as another number is no id. */
function isRequestId(value: unknown): value is RequestId {
  if (value === null) return true;
  if (typeof value === "string") return value.length <= maxIdLength;
  return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function invalid(message: string): RpcError {
  return new RpcError("invalid-request", message);
}
