/** What a request is known by. */
export type RequestId = string | number | null;

/** One request of JSON-RPC 2.0. Without `id` it is a notification: done, but not answered. */
export interface RpcRequest {
  readonly jsonrpc: "2.0";
  readonly id?: RequestId;
  readonly method: string;
  readonly params?: unknown;
}

/** The answer to one request. `id` is null where the request's own could not be read. */
export type RpcResponse = RpcSuccess | RpcFailure;

export interface RpcSuccess {
  readonly jsonrpc: "2.0";
  readonly id: RequestId;
  readonly result: unknown;
}

export interface RpcFailure {
  readonly jsonrpc: "2.0";
  readonly id: RequestId;
  readonly error: RpcErrorObject;
}

/** An error as it stands on the wire. */
export interface RpcErrorObject {
  /** One of `errorCodes`. */
  readonly code: number;
  /** A full sentence for people. */
  readonly message: string;
  readonly data: {
    /** The code's name. */
    readonly kind: string;
    /** The parameter that is wrong. */
    readonly field?: string;
    /** How long to wait before asking again. */
    readonly retryAfterMs?: number;
  };
}
