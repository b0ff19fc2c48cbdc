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
  };
}

/** What a gateway tells by itself over a connection that stays open. */
export interface EventNotification {
  readonly jsonrpc: "2.0";
  readonly method: "event";
  readonly params: ProtocolEvent;
}

/** An answer of an agent as it grows. A later version may add kinds: a `switch` over them keeps a `default`. */
export type ProtocolEvent =
  | { readonly type: "chat.delta"; readonly messageId: string; readonly delta: string }
  | { readonly type: "chat.done"; readonly messageId: string; readonly outcome: "finished" | "interrupted" | "failed" };
