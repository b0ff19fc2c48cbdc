import type { Clock, PlatformEvent, PlatformHost } from "@hermes/core";
import { decodeUpdate, type SlackUpdate } from "./decode.ts";
import type { Facts } from "./facts.ts";

export interface IntakeParts {
  readonly platform: string;
  readonly host: PlatformHost;
  readonly clock: Clock;
  readonly facts: Facts;
  readonly replyInThread: boolean;
  readonly commandName: string;
  /** Told of what was stored; must not throw. */
  readonly onStored?: (events: readonly PlatformEvent[]) => void;
}

/** What Slack sends, on its way into the gateway: resolves once it is stored; updates are offered in the order of the calls. */
export type Intake = (update: SlackUpdate) => Promise<void>;

/** Opens the way in; what an earlier process knew is asked for with the first update. */
export function openIntake({ host, facts, clock, onStored, ...reading }: IntakeParts): Intake {
  return async (update) => {
    await facts.recall(host.memory);
    const { bots, commands, isIncomplete } = facts;
    const events = decodeUpdate(update, { ...reading, nowMs: clock.now(), bots, commands, isIncomplete });
    if (events.length === 0) return;
    await host.accept(events);
    onStored?.(events);
  };
}
