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
  /** Puts in what the events themselves do not say; must not reject. */
  readonly complete: (events: readonly PlatformEvent[]) => Promise<readonly PlatformEvent[]>;
  /** Told of what was stored; must not throw. */
  readonly onStored: (events: readonly PlatformEvent[]) => void;
}

/** What Slack sends, on its way into the gateway: resolves once it is stored; updates are offered in the order of the calls. */
export type Intake = (update: SlackUpdate) => Promise<void>;

/** Opens the way in. Updates are read all at once and offered one after the other; several are stored at a time. */
export function openIntake({ host, facts, clock, complete, onStored, ...reading }: IntakeParts): Intake {
  let last: Promise<unknown> = Promise.resolve();
  const read = async (update: SlackUpdate): Promise<readonly PlatformEvent[]> => {
    await facts.recall(host.memory);
    const { bots, commands, isIncomplete } = facts;
    return await complete(decodeUpdate(update, { ...reading, nowMs: clock.now(), bots, commands, isIncomplete }));
  };
  const offer = (events: readonly PlatformEvent[]): { readonly stored: Promise<unknown> } => ({
    stored: events.length === 0 ? Promise.resolve() : host.accept(events).then(() => onStored(events)),
  });
  return async (update) => {
    const offered = Promise.all([read(update), last]).then(([events]) => offer(events));
    // The next one waits for its turn, not for whether this one went well.
    last = offered.catch(() => undefined);
    await (
      await offered
    ).stored;
  };
}
