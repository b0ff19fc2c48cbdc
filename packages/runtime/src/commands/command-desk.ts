import type { Clock, Logger, SessionKey } from "@hermes/core";
import type { BusyDesk } from "../busy/busy-desk.ts";
import type { BusyModes } from "../busy/busy-modes.ts";
import type { WorkingTurns } from "../busy/working-turns.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Ids } from "../ids.ts";
import type { Lanes } from "../lanes.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { AnswerListener } from "../outbox/answer-listener.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { NumberedEvent, QueuedEvent, Store } from "../store.ts";
import type { CommandServices, CommandSession } from "./command.ts";
import type { LeftBehind } from "../turn/left-behind.ts";
import { commandCallOf, runCommand } from "./registry.ts";

/** What the command desk works with. */
export interface CommandDeskParts {
  readonly store: Store;
  readonly lanes: Lanes;
  readonly outbox: Outbox;
  readonly answers: AnswerListener;
  readonly ledger: Pick<Ledger, "replayEvent" | "retryDelivery">;
  readonly catalogue: Catalogue;
  readonly services: CommandServices;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What an earlier process left running ends instead of running again, where that may be stopped. */
  readonly stopLeftBehind: LeftBehind["stop"];
  /** The session is over: the agent drops what it keeps for it. */
  readonly forget: (sessionId: string) => Promise<void>;
  readonly busyDesk: BusyDesk;
  readonly busyModes: BusyModes;
  readonly working: WorkingTurns;
  /** Whether somebody may look after the gateway. */
  readonly isAdmin: (platform: string, userId: string) => boolean;
  /** Somebody's claim was good: from now on admission knows the owner. */
  readonly onOwner: (platform: string, userId: string) => Promise<void>;
}

/** More waits in no session: beyond it messages are refused. */
const maxListed = 1000;
type AfterAnswer = Parameters<CommandSession["afterAnswer"]>[0];

/** Answers commands, one at a time per session, also while a turn runs. */
export class CommandDesk {
  readonly #parts: CommandDeskParts;
  /** Up to here events came to an earlier process. */
  #earlierSeq = 0;

  constructor(parts: CommandDeskParts) {
    this.#parts = parts;
  }

  /** What was accepted up to `lastSeq` came to an earlier process. */
  startAfter(lastSeq: number): void {
    this.#earlierSeq = lastSeq;
  }

  /** Answers the oldest waiting command of a lane. It waits in the store until its answer is there. */
  async answerNext(key: SessionKey): Promise<void> {
    const { store, outbox, ids, clock } = this.#parts;
    const queued = await store.nextCommand(key);
    if (queued === undefined) return;
    const { chat, origin } = queued.event;
    if (origin.lifetime === "request" && queued.seq <= this.#earlierSeq) {
      // Whoever asked hung up with the earlier process.
      await store.postNotice({ replyId: ids.turn(), sessionKey: key, chat, seq: queued.seq, parts: [], nowMs: clock.now() });
      return;
    }
    const afterwards: AfterAnswer[] = [];
    const answer = await this.#answer(key, queued, afterwards);
    const target = { replyId: ids.turn(), sessionKey: key, chat, origin };
    const shown: Promise<void> = outbox.say(target, answer, async (parts) => {
      await store.postNotice({ ...target, seq: queued.seq, parts, nowMs: clock.now() });
      for (const work of afterwards.splice(0)) work(shown);
    });
    await shown;
  }

  async #answer(key: SessionKey, queued: QueuedEvent, afterwards: AfterAnswer[]): Promise<string> {
    const { catalogue, services, clock, logger, onOwner } = this.#parts;
    const { event, verdict } = queued;
    if (verdict === "pair") {
      await onOwner(event.chat.ref.platform, event.origin.author.id);
      return catalogue.ownerNow;
    }
    const call = commandCallOf(event);
    if (call === undefined) return catalogue.commandFailed(event.type);
    try {
      return await runCommand(call, {
        session: this.#session(key, queued, afterwards),
        catalogue,
        services,
        nowMs: clock.now(),
      });
    } catch (error) {
      logger.error(`/${call.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return catalogue.commandFailed(call.name);
    }
  }

  async #endSession(key: SessionKey): Promise<void> {
    const { store, clock, forget, logger } = this.#parts;
    const ended = await store.endSession({ sessionKey: key, nowMs: clock.now() });
    if (ended === undefined) return;
    // Not awaited: what an agent keeps for it is its own affair, and the session is over all the same.
    forget(ended).catch((error: unknown) => logger.warn(`The agent did not forget ${ended}: ${String(error)}`));
  }

  async #retry(key: SessionKey, seq: number): Promise<boolean> {
    const { store, ledger, lanes } = this.#parts;
    const replyId = (await store.currentSession(key))?.lastTurnId;
    const reply = replyId === undefined || lanes.isRunning(key) ? undefined : await store.reply(replyId);
    if (reply === undefined) return false;
    const isCutShort = reply.state === "interrupted" || reply.state === "failed";
    const outcome =
      // A command that its process did not bring to its end is worked off again: what it let come in must not come in twice.
      isCutShort && reply.seq !== undefined
        ? await ledger.replayEvent(reply.seq, `retry${seq}`, reply.beside)
        : await ledger.retryDelivery(reply.replyId);
    return outcome.kind === "done";
  }

  #session(key: SessionKey, { event, seq, rule }: QueuedEvent, afterwards: AfterAnswer[]): CommandSession {
    const { store, lanes, answers, busyDesk, busyModes, working, isAdmin, stopLeftBehind } = this.#parts;
    const { author } = event.origin;
    // A sender that can be forged looks after nothing.
    const mayAll = author.assurance === "platform" && isAdmin(event.chat.ref.platform, author.id);
    const drop = (dropped: readonly NumberedEvent[]): void => {
      lanes.forget(key, dropped.length);
      for (const each of dropped) answers.end(each.event.chat, each.event.origin, "dropped");
    };
    return {
      key,
      event,
      seq,
      rule,
      isAdmin: mayAll,
      isLeftBehind: seq <= this.#earlierSeq,
      isRunning: lanes.isRunning(key),
      waiting: lanes.waiting(key),
      currentSessionId: async () => (await store.currentSession(key))?.id,
      async stopTurn() {
        const turn = working.of(key);
        if (turn !== undefined && !busyDesk.mayRule(event, turn)) return "not-yours";
        const leftBehind = stopLeftBehind(key, (inputs) => busyDesk.mayRule(event, { inputs }));
        if (leftBehind.stopped < leftBehind.of) return "not-yours";
        return (await lanes.interrupt(key, "stop")) || leftBehind.stopped > 0 ? "stopped" : "nothing";
      },
      async dropWaiting() {
        const dropped = await store.dropQueued({ sessionKey: key, beforeSeq: seq, ...(mayAll ? {} : { authorId: author.id }) });
        drop(dropped);
        return dropped.length;
      },
      queue: {
        async list() {
          const waiting = await store.listQueued({ sessionKey: key, limit: maxListed });
          // What came behind the command nobody meant by it.
          return waiting
            .filter((each) => each.seq < seq)
            .map((each) => ({
              seq: each.seq,
              text: each.event.type === "message" ? each.event.text : "",
              isOwn: mayAll || each.event.origin.author.id === author.id,
            }));
        },
        async change(place, text) {
          const message = (await store.listQueued({ sessionKey: key, limit: maxListed })).find((each) => each.seq === place);
          const isChanged = await store.changeQueued({ sessionKey: key, seq: place, text });
          if (isChanged && text === undefined && message !== undefined) drop([message]);
          return isChanged;
        },
      },
      busy: {
        get mode() {
          return busyModes.of(key, event.chat);
        },
        choose: (scope, mode) =>
          busyModes.choose(scope === "chat" ? { of: "chat", chat: event.chat } : { of: "session", key }, mode),
      },
      endSession: () => this.#endSession(key),
      afterAnswer: (work) => void afterwards.push(work),
      retry: () => this.#retry(key, seq),
    };
  }
}
