import type { Clock, PlatformEvent, PlatformHost } from "@hermes/core";
import { decodeUpdate, type SlackUpdate } from "./decode.ts";
import type { DecodeContext } from "./decode/context.ts";
import { threadIn } from "./decode/thread-in.ts";
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

/** What Slack sends, on its way into the gateway. */
export interface Intake {
  /** Resolves once it is stored; updates are offered in the order of the calls. */
  readonly take: (update: SlackUpdate) => Promise<void>;
}

/** Reads updates one after the other, since what is remembered of a thread may have to be asked for; stores several at a time. */
export function openIntake({ platform, host, clock, facts, replyInThread, commandName, onStored }: IntakeParts): Intake {
  let last: Promise<unknown> = Promise.resolve();
  const context = (): DecodeContext => ({
    platform,
    nowMs: clock.now(),
    bots: facts.bots,
    replyInThread,
    commandName,
    commands: facts.commands,
    isJoined: (chatId, threadId) => facts.isJoined(chatId, threadId),
  });
  const offer = async (update: SlackUpdate): Promise<{ readonly stored: Promise<void> }> => {
    await facts.recall(host.memory);
    const thread = threadIn(update, context());
    if (thread !== undefined) await facts.lookUpThread(thread.chatId, thread.threadId, host.memory);
    const events = decodeUpdate(update, context());
    const stored = events.length === 0 ? Promise.resolve() : host.accept(events).then(() => onStored?.(events));
    return { stored };
  };
  return {
    async take(update) {
      const offered = last.then(() => offer(update));
      // The next one waits for its turn, not for whether this one went well.
      last = offered.catch(() => undefined);
      await (
        await offered
      ).stored;
    },
  };
}
