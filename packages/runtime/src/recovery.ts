import { dropPart, type Chat, type Clock, type Logger } from "@hermes/core";
import type { Lanes } from "./lanes.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { unsettledReplies } from "./outbox/unsettled-replies.ts";
import { pauseUntil } from "./pause.ts";
import { levelOf } from "./store-error.ts";
import type { Store, UnsettledReply } from "./store.ts";
import type { LeftBehind } from "./turn/left-behind.ts";
import type { Turns } from "./turn/turns.ts";

const pageSize = 200;
const retryMs = 1000;
/** Lanes of a platform that are taken up at once; the rest waits in the store. */
const maxLanes = 1000;

/** What recovery works with. */
export interface RecoveryParts {
  /** What belongs to other platforms stays in the store until they are there again. */
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly store: Store;
  readonly lanes: Lanes;
  readonly turns: Turns;
  readonly leftBehind: LeftBehind;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Takes up what an earlier process left behind. First what was being answered, before anything new may run. */
export async function recoverAnswers({
  platforms,
  store,
  lanes,
  turns,
  leftBehind,
  outbox,
  logger,
}: RecoveryParts): Promise<void> {
  const isHere = ({ ref }: Chat): boolean => platforms.has(ref.platform);
  await outbox.parking.open();
  let unsent = 0;
  for await (const reply of unsettledReplies(store)) {
    if (!isHere(reply.chat)) continue;
    if (reply.origin?.lifetime === "request") {
      await dropUnanswerable(store, reply);
      continue;
    }
    const settled = outbox.takeUp(reply);
    if (settled === undefined) continue;
    unsent += 1;
    turns.showFirst(reply.sessionKey, settled);
    lanes.addTurns(reply.sessionKey, 1);
  }
  let unfinished = 0;
  for (let afterId: string | undefined; ;) {
    const page = await store.listInterruptedTurns({ limit: pageSize, ...(afterId === undefined ? {} : { afterId }) });
    for (const turn of page) {
      if (!isHere(turn.event.chat)) continue;
      unfinished += 1;
      leftBehind.add(turn);
      lanes.addTurns(turn.sessionKey, 1);
    }
    afterId = page.at(-1)?.turnId;
    if (afterId === undefined) break;
  }
  if (unsent + unfinished > 0) logger.info(`Taking up ${unfinished} unfinished turns and ${unsent} unsent answers`);
}

/** Whoever asked hung up with the earlier process: nothing can be shown there. */
async function dropUnanswerable(store: Store, { replyId, parts }: UnsettledReply): Promise<void> {
  await store.settleParts({ replyId, parts: parts.flatMap((part) => dropPart(part) ?? []) });
}

/**
 * Then what waits, a page at a time, so that a long queue neither fills the memory nor holds up the start. Platform by platform: one
 * that takes no answers for a while keeps only its own queue waiting.
 */
export async function recoverQueue(parts: RecoveryParts, signal: AbortSignal): Promise<void> {
  await Promise.all([...parts.platforms.keys()].map((platform) => recoverQueueOf(platform, parts, signal)));
}

async function recoverQueueOf(platform: string, parts: RecoveryParts, signal: AbortSignal): Promise<void> {
  const { lanes, clock, logger } = parts;
  for (let afterKey: string | undefined = ""; afterKey !== undefined && !signal.aborted;) {
    try {
      afterKey = await wakePage(platform, parts, afterKey);
    } catch (error) {
      // Given up, these messages would wait for the next start, each later one of their sessions behind them.
      logger[levelOf(error)](`What waits in the store could not be listed, and is asked for again: ${String(error)}`);
      await pauseUntil(clock.now() + retryMs, clock, signal);
    }
    while (lanes.busyOf(platform) > maxLanes && !signal.aborted) await pauseUntil(clock.now() + 100, clock, signal);
  }
}

/** Wakes a page of lanes; answers the last one's key, or undefined where there are no more. */
async function wakePage(platform: string, { store, lanes }: RecoveryParts, afterKey: string): Promise<string | undefined> {
  const page = await store.listQueuedLanes({ platform, afterKey, limit: pageSize });
  for (const lane of page) {
    // Commands first: what they drop must not begin before them. What came in since the start has woken its lane already; counting
    // it twice only asks the store once too often.
    if (lane.commands > 0) lanes.addCommands(lane.sessionKey, lane.commands);
    if (lane.turns > 0) lanes.addTurns(lane.sessionKey, lane.turns);
  }
  return page.at(-1)?.sessionKey;
}
