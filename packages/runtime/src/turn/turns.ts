import type { Agent, AgentEvent, Clock, Logger, Part, Platform, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Connections } from "../connections.ts";
import type { Ids } from "../ids.ts";
import type { DurableReply } from "../outbox/durable-reply.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { ClaimedTurn, InterruptedTurn, Store, TurnEnding } from "../store.ts";
import { Said } from "./said.ts";
import { runAgent, type AgentOutcome } from "./run-agent.ts";
import { createTurn } from "./turn-context.ts";
import { keepTyping } from "./typing.ts";

/** What turns are run with. */
export interface TurnsParts {
  readonly agent: Agent;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly connections: Connections;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly catalogue: Catalogue;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Runs turns: one agent, one frozen context, one reply each. */
export class Turns {
  readonly #parts: TurnsParts;
  /** Turns that an earlier process left, per lane, oldest first: they come before anything new. */
  readonly #interrupted = new Map<SessionKey, InterruptedTurn[]>();
  /** Answers that an earlier process left unsent, per lane: nothing newer may be shown before them. */
  readonly #unsent = new Map<SessionKey, Promise<unknown>>();
  /** Up to here events came to an earlier process. */
  #earlierSeq = 0;

  constructor(parts: TurnsParts) {
    this.#parts = parts;
  }

  /** What was accepted up to `lastSeq` came to an earlier process. */
  startAfter(lastSeq: number): void {
    this.#earlierSeq = lastSeq;
  }

  takeUp(turn: InterruptedTurn): void {
    const turns = this.#interrupted.get(turn.sessionKey) ?? [];
    this.#interrupted.set(turn.sessionKey, turns);
    turns.push(turn);
  }

  /** The lane's next turn is to wait until `answer` is shown. */
  showFirst(key: SessionKey, answer: Promise<void>): void {
    this.#unsent.set(key, Promise.all([this.#unsent.get(key), answer]));
  }

  /** Works off the lane's next turn. */
  async runNext(key: SessionKey, signal: AbortSignal, release: () => void): Promise<void> {
    const unsent = this.#unsent.get(key);
    if (unsent !== undefined) {
      this.#unsent.delete(key);
      release();
      await unsent;
      return;
    }
    const interrupted = this.#nextInterrupted(key);
    const { store, ids, clock } = this.#parts;
    const claimed =
      interrupted ??
      (await store.claimTurn({ sessionKey: key, turnId: ids.turn(), newSessionId: ids.session(), nowMs: clock.now() }));
    if (claimed === undefined) return;
    if (claimed.event.origin.lifetime === "request" && claimed.seq <= this.#earlierSeq) await this.#dropUnanswerable(claimed);
    else if (interrupted !== undefined && mustNotRepeat(interrupted, this.#canEdit(interrupted)))
      await this.#tellInterrupted(interrupted);
    else await this.#run(claimed, signal, release, interrupted);
  }

  async #run(
    claimed: ClaimedTurn,
    signal: AbortSignal,
    release: () => void,
    interrupted: InterruptedTurn | undefined,
  ): Promise<void> {
    const { agent, store, outbox, connections, platforms, clock } = this.#parts;
    const { chat } = claimed.event;
    const leftover = interrupted && ({ how: "again", parts: interrupted.parts } as const);
    const reply = outbox.reply(targetOf(claimed), { kind: "running" }, leftover);
    const stopTyping = keepTyping(chat, platforms.get(chat.ref.platform), connections, clock);
    const said = new Said();
    const outcome = await runAgent(agent, createTurn(claimed, signal, store, interrupted), (event) =>
      this.#hear(event, claimed, reply, said),
    );
    stopTyping();
    release();
    // The next process takes it up from what the store knows.
    if (outcome.kind === "interrupted" && outcome.reason === "shutdown") return;
    await this.#end(claimed, reply, outcome, said.end());
  }

  #hear(event: AgentEvent, { turnId }: ClaimedTurn, reply: DurableReply, said: Said): void | Promise<void> {
    said.hear(event);
    reply.push(event);
    // Awaited before the agent goes on: what must not happen twice is noted before it happens.
    if (event.type === "tool-start" && event.effect === "once") {
      return this.#parts.store.commitStep({ kind: "tool-once", turnId, callId: event.callId });
    }
    return undefined;
  }

  async #end(claimed: ClaimedTurn, reply: DurableReply, outcome: AgentOutcome, said: string): Promise<void> {
    const { store, clock, logger, catalogue } = this.#parts;
    if (outcome.kind === "failed") {
      logger.error(
        `The agent failed in turn ${claimed.turnId}: ${outcome.error instanceof Error ? (outcome.error.stack ?? outcome.error.message) : String(outcome.error)}`,
      );
      reply.push({ type: "notice", text: catalogue.agentFailed });
    }
    const ending: Omit<TurnEnding, "parts"> = {
      turnId: claimed.turnId,
      outcome: outcome.kind,
      text: said,
      nowMs: clock.now(),
    };
    await reply.finish(outcome.kind, (parts) => store.finishTurn({ ...ending, parts }));
    await reply.settled;
  }

  async #tellInterrupted(turn: InterruptedTurn): Promise<void> {
    const { store, outbox, clock, catalogue } = this.#parts;
    const write = (parts: readonly Part[]): Promise<void> =>
      store.finishTurn({
        turnId: turn.turnId,
        outcome: "interrupted",
        text: turn.parts.flatMap((part) => part.shown).join("\n"),
        parts,
        nowMs: clock.now(),
      });
    const reply = outbox.reply(targetOf(turn), { kind: "running" }, { how: "as-it-stands", parts: turn.parts });
    reply.push({ type: "notice", text: catalogue.restartInterrupted });
    await reply.finish("interrupted", write);
    await reply.settled;
  }

  async #dropUnanswerable(claimed: ClaimedTurn): Promise<void> {
    const { store, clock } = this.#parts;
    await store.finishTurn({ turnId: claimed.turnId, outcome: "interrupted", text: "", parts: [], nowMs: clock.now() });
  }

  #nextInterrupted(key: SessionKey): InterruptedTurn | undefined {
    const turns = this.#interrupted.get(key);
    const turn = turns?.shift();
    if (turns?.length === 0) this.#interrupted.delete(key);
    return turn;
  }

  #canEdit(turn: InterruptedTurn): boolean {
    const platform = this.#parts.platforms.get(turn.event.chat.ref.platform);
    return platform !== undefined && platform.capabilities.edit !== false;
  }
}

/** A tool with lasting effects had started, or something stands there that cannot be replaced. */
function mustNotRepeat(turn: InterruptedTurn, canEdit: boolean): boolean {
  return turn.toolsOnce.length > 0 || (!canEdit && turn.parts.some(mayStand));
}

function mayStand({ refs, shownRevision, maybeShown, inFlightRevision }: Part): boolean {
  return refs.length > 0 || shownRevision > 0 || maybeShown.length > 0 || inFlightRevision !== null;
}

function targetOf({ turnId, sessionKey, event }: ClaimedTurn) {
  return { replyId: turnId, sessionKey, chat: event.chat, origin: event.origin };
}
