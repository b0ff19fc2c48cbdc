import type { Chat, Clock, Logger, Part } from "@hermes/core";
import type { Lanes } from "./lanes.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { pauseUntil } from "./pause.ts";
import type { Store, UnsettledReply } from "./store.ts";
import type { Turns } from "./turn/turns.ts";

const pageSize = 200;
/** Lanes taken up at once; the rest waits in the store. */
const maxLanes = 1000;

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
  for (const reply of replies) if (isHere(reply.chat)) await takeUpReply(outbox, store, reply);
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
export async function recoverQueue({ platforms, store, lanes, clock }: RecoveryParts, signal: AbortSignal): Promise<void> {
  let afterKey = "";
  while (!signal.aborted) {
    const page = await store.listQueuedLanes({ afterKey, limit: pageSize });
    for (const lane of page) {
      if (!platforms.has(lane.platform)) continue;
      // What came in since the start has woken its lane already; counting it twice only asks the store once too often.
      lanes.addTurns(lane.sessionKey, lane.turns);
      lanes.addCommands(lane.sessionKey, lane.commands);
    }
    const last = page.at(-1);
    if (last === undefined) return;
    afterKey = last.sessionKey;
    while (lanes.busyCount > maxLanes && !signal.aborted) await pauseUntil(clock.now() + 100, clock, signal);
  }
}

async function takeUpReply(
  outbox: Outbox,
  store: Store,
  { replyId, sessionKey, chat, origin, parts }: UnsettledReply,
): Promise<void> {
  if (origin?.lifetime === "request") {
    // Whoever asked hung up with the earlier process: nothing can be shown there.
    await store.settleParts({
      replyId,
      parts: parts.map((part): Part => ({ ...part, state: "failed", inFlightRevision: null })),
    });
    return;
  }
  const target = { replyId, sessionKey, chat, ...(origin === undefined ? {} : { origin }) };
  outbox.reply(target, { kind: "ended" }, { how: "unsent", parts });
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
