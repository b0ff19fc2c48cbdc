import type { Chat, Clock, Logger, Part } from "@hermes/core";
import type { Lanes } from "./lanes.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { pauseUntil } from "./pause.ts";
import type { Store, UnsettledReply } from "./store.ts";
import type { Turns } from "./turn/turns.ts";

const pageSize = 200;
const retryMs = 1000;
/** Lanes taken up at once; the rest waits in the store. */
const maxLanes = 1000;

/** What recovery works with. */
export interface RecoveryParts {
  /** What belongs to other platforms stays in the store until they are there again. */
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly store: Store;
  readonly lanes: Lanes;
  readonly turns: Turns;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Takes up what an earlier process left behind. First what was being answered, before anything new may run. */
export async function recoverAnswers({ platforms, store, lanes, turns, outbox, logger }: RecoveryParts): Promise<void> {
  const replies = await all(
    (afterId) => store.listUnsettledReplies({ limit: pageSize, ...afterId }),
    (reply) => reply.replyId,
  );
  const isHere = ({ ref }: Chat): boolean => platforms.has(ref.platform);
  for (const reply of replies) {
    if (!isHere(reply.chat)) continue;
    const isShowing = await takeUpReply(outbox, store, turns, logger, reply);
    if (isShowing) lanes.addTurns(reply.sessionKey, 1);
  }
  const interrupted = await all(
    (afterId) => store.listInterruptedTurns({ limit: pageSize, ...afterId }),
    (turn) => turn.turnId,
  );
  for (const turn of interrupted) {
    if (!isHere(turn.event.chat)) continue;
    turns.takeUp(turn);
    lanes.addTurns(turn.sessionKey, 1);
  }
  if (replies.length + interrupted.length > 0) {
    logger.info(`Taking up ${interrupted.length} unfinished turns and ${replies.length} unsent answers`);
  }
}

/** Then what waits, a page at a time, so that a long queue neither fills the memory nor holds up the start. */
export async function recoverQueue(parts: RecoveryParts, signal: AbortSignal): Promise<void> {
  const { lanes, clock, logger } = parts;
  for (let afterKey: string | undefined = ""; afterKey !== undefined && !signal.aborted;) {
    try {
      afterKey = await wakePage(parts, afterKey);
    } catch (error) {
      // Given up, these messages would wait for the next start, each later one of their sessions behind them.
      logger.error(`What waits in the store could not be listed, and is asked for again: ${String(error)}`);
      await pauseUntil(clock.now() + retryMs, clock, signal);
    }
    while (lanes.busyCount > maxLanes && !signal.aborted) await pauseUntil(clock.now() + 100, clock, signal);
  }
}

/** Wakes a page of lanes; answers the last one's key, or undefined where there are no more. */
async function wakePage({ platforms, store, lanes }: RecoveryParts, afterKey: string): Promise<string | undefined> {
  const page = await store.listQueuedLanes({ afterKey, limit: pageSize });
  for (const lane of page) {
    if (!platforms.has(lane.platform)) continue;
    // Commands first: what they drop must not begin before them. What came in since the start has woken its lane already; counting
    // it twice only asks the store once too often.
    if (lane.commands > 0) lanes.addCommands(lane.sessionKey, lane.commands);
    if (lane.turns > 0) lanes.addTurns(lane.sessionKey, lane.turns);
  }
  return page.at(-1)?.sessionKey;
}

/** Goes on showing a reply; false where there is nothing to show. */
async function takeUpReply(
  outbox: Outbox,
  store: Store,
  turns: Turns,
  logger: Logger,
  { replyId, sessionKey, chat, origin, parts }: UnsettledReply,
): Promise<boolean> {
  if (origin?.lifetime === "request") {
    // Whoever asked hung up with the earlier process: nothing can be shown there.
    await store.settleParts({
      replyId,
      parts: parts.map((part): Part => ({ ...part, state: "failed", inFlightRevision: null })),
    });
    return false;
  }
  const target = { replyId, sessionKey, chat, ...(origin === undefined ? {} : { origin }) };
  try {
    turns.showFirst(sessionKey, outbox.reply(target, { kind: "ended" }, { how: "unsent", parts }).settled);
    return true;
  } catch (error) {
    // One that cannot be read must not keep the gateway from starting; it stays in the store.
    logger.error(`The unsent answer ${replyId} could not be taken up: ${error instanceof Error ? error.name : typeof error}`);
    return false;
  }
}

async function all<T>(
  page: (after: { readonly afterId?: string }) => Promise<readonly T[]>,
  idOf: (row: T) => string,
): Promise<readonly T[]> {
  const rows: T[] = [];
  for (let afterId: string | undefined; ;) {
    const next = await page(afterId === undefined ? {} : { afterId });
    rows.push(...next);
    const last = next.at(-1);
    if (last === undefined) return rows;
    afterId = idOf(last);
  }
}
