import { definePlatform, systemClock, type Clock, type Platform, type PlatformHost } from "@hermes/core";
import { createDispatcher, type Handlers, type MethodName } from "@hermes/protocol";
import { createApi } from "./api.ts";
import { Asking } from "./asking.ts";
import { capabilityTable } from "./capabilities.ts";
import { openConnection } from "./connection.ts";
import { Conversations } from "./conversations.ts";
import { measure, type EventBody } from "./encode.ts";
import { Exchanges } from "./exchanges.ts";
import { completeLimits, type WebCaller, type WebOptions } from "./options.ts";
import { SentBefore } from "./sent-before.ts";
import { Transport } from "./transport.ts";

/** What a test or a gateway puts in place of the machine's own. */
export interface WebSurroundings {
  readonly clock?: Clock;
  /** A method failed with something else than an `RpcError`. Default: the gateway's log. */
  readonly onFault?: (error: unknown, method: MethodName) => void;
}

/** The gateway's own door for programs and pages. */
export interface WebDoor {
  readonly platform: Platform;
  /** All methods, for callers without a socket too. */
  readonly handlers: Handlers<WebCaller>;
  /** Tells whoever follows this conversation. */
  publish(sessionKey: string, event: Extract<EventBody, { readonly type: "session.changed" | "chat.notice" }>): void;
  readonly connectionCount: number;
  /** Tells every client that the gateway ends (close code 1012) and lets go. */
  close(): void;
}

/**
 * The door for programs and pages: JSON-RPC 2.0 over a WebSocket, wherever its requests are routed to it.
 *
 * @throws TypeError for limits that cannot work, saying which.
 */
export function createWebDoor(options: WebOptions, surroundings: WebSurroundings = {}): WebDoor {
  const { id = "web" } = options;
  const { clock = systemClock } = surroundings;
  const limits = completeLimits(options.limits);
  let host: PlatformHost | undefined;
  const onFault = (error: unknown, method: MethodName): void => {
    if (surroundings.onFault !== undefined) surroundings.onFault(error, method);
    else host?.logger.error(`${method} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  const conversations = new Conversations({ clock, limits, running: (sessionKey) => exchanges.running(sessionKey) });
  const exchanges: Exchanges = new Exchanges({
    maxOpen: limits.maxOpenMessages,
    publish: (sessionKey, event) => conversations.publish(sessionKey, event),
  });
  const sentBefore = new SentBefore();
  const asking = new Asking({ exchanges, clock, options, host: () => host });
  const { maxWaitingSends } = limits;
  const handlers: Handlers<WebCaller> = {
    ...options.handlers,
    ...createApi({ platform: id, asking, exchanges, conversations, clock, maxWaitingSends }),
  };
  const transport = new Transport({
    authenticate: options.authenticate,
    dispatcher: createDispatcher({ handlers, onFault, maxLength: limits.maxMessageBytes }),
    clock,
    limits,
    onGone: (client) => conversations.leave(client),
  });
  const platform = definePlatform({
    apiVersion: 1,
    id,
    kind: "web",
    claims: [],
    capabilities: capabilityTable,
    measure,
    async receive(request, given) {
      host = given;
      return transport.receive(request);
    },
    async connect(given) {
      host = given;
      const { logger } = given;
      const hangUp = (): void => transport.hangUp();
      return openConnection({ platform: id, exchanges, conversations, sentBefore, clock, logger, options, hangUp });
    },
  });
  return {
    platform,
    handlers,
    publish: (sessionKey, event) => conversations.publish(sessionKey, event),
    get connectionCount() {
      return transport.connectionCount;
    },
    close() {
      transport.close();
      exchanges.close();
      conversations.close();
    },
  };
}
