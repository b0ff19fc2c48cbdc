import { createClient, type Client, type EventNotification, type ProtocolEvent, type RequestId } from "@hermes/protocol";
import { GatewayError } from "../config/problem.ts";
import type { Wire } from "./wire.ts";

/** Asks a gateway over a connection that stays open, and hears what it tells by itself. */
export interface RpcConnection {
  readonly client: Client;
  /** Resolves when the connection is over. */
  readonly over: Promise<void>;
  close(): void;
}

/** Takes a wire for requests and events. What is still asked when it breaks off fails. */
export function createRpcConnection(wire: Wire, onEvent: (event: ProtocolEvent) => void = () => undefined): RpcConnection {
  const waiting = new Map<RequestId, PromiseWithResolvers<unknown>>();
  const hear = async (): Promise<void> => {
    for await (const text of wire.messages) {
      const message: unknown = JSON.parse(text);
      if (isEvent(message)) onEvent(message.params);
      else take(message);
    }
  };
  const take = (answer: unknown): void => {
    const id = isRecord(answer) ? (answer["id"] as RequestId) : null;
    waiting.get(id)?.resolve(answer);
  };
  const over = hear()
    // Whatever breaks the wire, everybody who waits is told the same.
    .catch(() => undefined)
    .then(() => {
      // Whoever says what is no message is not talked to any longer.
      wire.close();
      for (const { reject } of waiting.values()) reject(brokenOff());
      waiting.clear();
    });
  const client = createClient({
    async send(request) {
      const answer = Promise.withResolvers<unknown>();
      waiting.set(request.id ?? null, answer);
      await wire.send(JSON.stringify(request)).catch((cause: unknown) => answer.reject(brokenOff(cause)));
      try {
        return await answer.promise;
      } finally {
        waiting.delete(request.id ?? null);
      }
    },
  });
  return { client, over, close: () => wire.close() };
}

function brokenOff(cause?: unknown): GatewayError {
  return new GatewayError("The connection to the gateway broke off.", { exitCode: 75, cause });
}

function isEvent(message: unknown): message is EventNotification {
  return isRecord(message) && message["method"] === "event" && isRecord(message["params"]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
