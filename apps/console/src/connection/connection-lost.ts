const marker = Symbol.for("hermes.console.connection-lost");

/** A request was on its way, or waited for its turn, when the connection went away: whether it was done is not known. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  readonly [marker] = true;

  constructor() {
    super("The connection to the gateway was lost before it answered");
  }
}

/** Whether `value` is a `ConnectionLost`. */
export function isConnectionLost(value: unknown): value is ConnectionLost {
  return typeof value === "object" && value !== null && (value as { readonly [marker]?: unknown })[marker] === true;
}
