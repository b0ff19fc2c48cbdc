/** Why a request got no result, with the number it has on the wire. The numbers never change. */
export const errorCodes = {
  "parse-error": -32700,
  "invalid-request": -32600,
  "unknown-method": -32601,
  "invalid-params": -32602,
  internal: -32603,
  unauthorized: -32001,
  forbidden: -32002,
  "not-found": -32003,
  "too-large": -32004,
  unavailable: -32005,
  "invalid-answer": -32006,
  "rate-limited": -32007,
  conflict: -32008,
} as const;

/** What each error says, for the documentation. */
export const errorMeanings: Readonly<Record<RpcErrorKind, string>> = {
  "parse-error": "the request is no JSON",
  "invalid-request": "it is JSON, but no JSON-RPC 2.0 request, or a batch that is empty or too large",
  "unknown-method": "there is no such method",
  "invalid-params": "a parameter is missing, unknown or of the wrong kind; the message names it, `data.field` too",
  internal: "a fault of the gateway; its log says more",
  unauthorized: "the method needs a credential and none was shown",
  forbidden: "the credential is good, but not for this method",
  "not-found": "what was asked for is not there",
  "too-large": "the request is larger than the gateway reads",
  unavailable: "the gateway cannot do it now; later it may",
  "rate-limited": "too much was asked within a minute; `data.retryAfterMs` says when to go on",
  conflict: "it cannot be done as things stand; the message says what would have to change",
  "invalid-answer": "made by the client: what came back is no answer to what was asked",
};

/** Why a request got no result. */
export type RpcErrorKind = keyof typeof errorCodes;

/** What is known of a request that got no result, beside why. */
export interface RpcErrorOptions {
  /** The parameter that is wrong. */
  readonly field?: string;
  /** How long to wait before asking again. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const marker = Symbol.for("hermes.rpc-error");

/** A request that got no result. The message is a full sentence for people and holds nothing secret. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly kind: RpcErrorKind;
  /** The parameter that is wrong. */
  readonly field: string | undefined;
  /** How long to wait, where that is known. */
  readonly retryAfterMs: number | undefined;
  readonly [marker] = true;

  constructor(kind: RpcErrorKind, message: string, options: RpcErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.field = options.field;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The number it has on the wire. */
  get code(): number {
    return errorCodes[this.kind];
  }
}

/** Whether `value` is an `RpcError`. */
export function isRpcError(value: unknown): value is RpcError {
  return typeof value === "object" && value !== null && (value as { readonly [marker]?: unknown })[marker] === true;
}

/** The kind behind a number on the wire; undefined for one this version does not know. */
export function errorKindOf(code: unknown): RpcErrorKind | undefined {
  for (const [kind, known] of Object.entries(errorCodes)) if (known === code) return kind as RpcErrorKind;
  return undefined;
}
