import type { Logger, SessionKey } from "@hermes/core";
import type { BusyModes } from "../busy/busy-modes.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Ids } from "../ids.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { AnswerListener } from "../outbox/answer-listener.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { NumberedEvent, QueuedEvent, StoredReply } from "../store.ts";
import type { Questions } from "../turn/questions.ts";
import type { Approvals, Requester } from "../turn/approvals.ts";
import type { CommandButtons } from "./command-buttons.ts";
import type { CommandAnswer, CommandServices, CommandSession } from "./command.ts";
import type { LeftBehind } from "../turn/left-behind.ts";
import { commandCallOf, type CommandRegistry } from "./registry.ts";
import { sessionAgent, type SessionAgentParts } from "./session-agent.ts";

/** What the command desk works with. */
export interface CommandDeskParts extends SessionAgentParts {
  readonly registry: CommandRegistry;
  readonly buttons: Pick<CommandButtons, "offer">;
  readonly questions: Pick<Questions, "approvalsFor">;
  readonly approvals: Approvals;
  readonly outbox: Outbox;
  readonly answers: AnswerListener;
  readonly ledger: Pick<Ledger, "replayEvent" | "retryDelivery">;
  readonly catalogue: Catalogue;
  readonly services: CommandServices;
  readonly ids: Ids;
  readonly logger: Logger;
  /** What an earlier process left running ends instead of running again, where that may be stopped. */
  readonly stopLeftBehind: LeftBehind["stop"];
  /** The session is over: the agent drops what it keeps for it. */
  readonly forget: (key: SessionKey, sessionId: string) => Promise<void>;
  readonly busyModes: BusyModes;
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
    const { text, actions } = await this.#offered(queued, answer);
    const write: Parameters<Outbox["say"]>[2] = async (parts) => {
      await store.postNotice({ ...target, seq: queued.seq, parts, nowMs: clock.now() });
      for (const work of afterwards.splice(0)) work(shown);
    };
    const shown: Promise<void> = outbox.say(target, text, write, actions);
    await shown;
  }

  /** Without buttons everything can be written: they are left out where they cannot be kept. */
  async #offered({ event }: QueuedEvent, answer: string | CommandAnswer) {
    const { buttons, outbox, logger } = this.#parts;
    if (typeof answer === "string") return { text: answer, actions: [] };
    try {
      return { text: answer.text, actions: await buttons.offer(event, answer, outbox.capabilitiesOf(event.chat)) };
    } catch (error) {
      logger.warn(`The buttons of an answer could not be kept: ${error instanceof Error ? error.message : String(error)}`);
      return { text: answer.text, actions: [] };
    }
  }

  async #answer(key: SessionKey, queued: QueuedEvent, afterwards: AfterAnswer[]): Promise<string | CommandAnswer> {
    const { registry, catalogue, services, clock, logger, onOwner } = this.#parts;
    const { event, verdict } = queued;
    if (verdict === "pair") {
      await onOwner(event.chat.ref.platform, event.origin.author.id);
      return catalogue.ownerNow;
    }
    const call = commandCallOf(event);
    if (call === undefined) return catalogue.commandFailed(event.type);
    try {
      return await registry.run(call, {
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
    forget(key, ended).catch((error: unknown) => logger.warn(`The agent did not forget ${ended}: ${String(error)}`));
  }

  async #retry(key: SessionKey, seq: number): Promise<boolean> {
    const { store, ledger, lanes, roster, clock } = this.#parts;
    const replyId = (await store.currentSession(key))?.lastTurnId;
    const reply = replyId === undefined || lanes.isRunning(key) ? undefined : await store.reply(replyId);
    if (reply === undefined) return false;
    const isCutShort = reply.state === "interrupted" || reply.state === "failed";
    if (isCutShort && reply.seq !== undefined) return await this.#replay(reply, seq);
    if ((await ledger.retryDelivery(reply.replyId)).kind === "done") return true;
    // All of it is there: then another answer is wanted, from an agent that can forget the one it gave.
    if (roster.of(key)?.features.undo !== true || reply.seq === undefined) return false;
    const undone = await store.undoTurn({ sessionKey: key, seq, nowMs: clock.now() });
    const again = undone === undefined ? undefined : await store.reply(undone.turnId);
    return again !== undefined && (await this.#replay(again, seq));
  }

  /** A command that its process did not bring to its end is worked off again: what it let come in must not come in twice. */
  async #replay({ seq: asked, beside }: StoredReply, seq: number): Promise<boolean> {
    if (asked === undefined) return false;
    return (await this.#parts.ledger.replayEvent(asked, `retry${seq}`, beside)).kind === "done";
  }

  #approvals(key: SessionKey, event: QueuedEvent["event"]): CommandSession["approvals"] {
    const { approvals, questions } = this.#parts;
    const requester: Requester = { sessionKey: key, platform: event.chat.ref.platform, userId: event.origin.author.id };
    return {
      waiting: questions.approvalsFor(key, event),
      isWaived: () => approvals.isWaived(requester),
      waive: (isWaived) => approvals.waive(requester, isWaived),
    };
  }

  #session(key: SessionKey, { event, seq, rule, verdict }: QueuedEvent, afterwards: AfterAnswer[]): CommandSession {
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
      agent: sessionAgent(this.#parts, key, { event, seq, rule, verdict }, mayAll),
      approvals: this.#approvals(key, event),
      endSession: () => this.#endSession(key),
      afterAnswer: (work) => void afterwards.push(work),
      retry: () => this.#retry(key, seq),
    };
  }
}
