import { join } from "node:path";
import type { AgentHost, Clock, Logger } from "@hermes/core";
import type { Gateway } from "@hermes/runtime";

/** What agents are given by this gateway. */
export interface AgentHostParts {
  readonly home: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Keeps a value out of the log. */
  readonly conceal: (secret: string) => void;
  /** The gateway that the agents belong to, once it is there. */
  readonly gateway: () => Gateway | undefined;
}

/** What one agent is given, by the name that the configuration has for it. */
export function createAgentHost(name: string, { home, logger, clock, conceal, gateway }: AgentHostParts): AgentHost {
  return {
    name,
    logger: labelled(logger, name),
    clock,
    home,
    folder: join(home, "gateway", "agents", name),
    conceal,
    async fetch(request) {
      const { fetchOutside } = await import("@hermes/runtime");
      return await fetchOutside(request);
    },
    async deliver({ target, text, turn, idempotencyKey }) {
      const there = gateway();
      if (there === undefined) throw new Error("Nothing can be delivered yet: the gateway has not started");
      const delivered = await there.deliver({ target, text, origin: turn.chat, idempotencyKey });
      return delivered.map(({ target: to, state, failure }) => ({
        target: to,
        state,
        ...(failure === undefined ? {} : { failure }),
      }));
    },
  };
}

function labelled(logger: Logger, name: string): Logger {
  const label = (message: string): string => `[agent ${name}] ${message}`;
  return {
    debug: (message) => logger.debug(label(message)),
    info: (message) => logger.info(label(message)),
    warn: (message) => logger.warn(label(message)),
    error: (message) => logger.error(label(message)),
  };
}
