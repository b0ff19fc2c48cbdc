import {
  backgroundOfSession,
  type Clock,
  type Logger,
  type Platform,
  type PlatformEvent,
  type SessionKey,
  type Turn,
} from "@hermes/core";
import type { Choices } from "../agents/choices.ts";
import type { Roster } from "../agents/roster.ts";
import type { Backlog } from "../backlog/backlog.ts";
import type { WorkingTurn, WorkingTurns } from "../busy/working-turns.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Connections } from "../connections.ts";
import type { Ids } from "../ids.ts";
import type { FileShelf } from "../media/file-shelf.ts";
import { downloads } from "../media/download.ts";
import type { AnswerListener } from "../outbox/answer-listener.ts";
import type { DurableReply } from "../outbox/durable-reply.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Leftover } from "../outbox/restore.ts";
import { settledUnless } from "../pause.ts";
import type { Resumes } from "../restart/resumes.ts";
import type { ClaimedTurn, InterruptedTurn, StepRecord, Store, StoredQuestion, TurnEnding } from "../store.ts";
import type { Approvals } from "./approvals.ts";
import { headingOf } from "./background.ts";
import { canRewrite } from "./can-rewrite.ts";
import { cutOffWords } from "./cut-off-words.ts";
import { openQuestion, type LeftBehind } from "./left-behind.ts";
import type { Questions } from "./questions.ts";
import { resumptionOf, shownText, type CutOffReason, type Resumption } from "./resumption.ts";
import { runAgent, type AgentOutcome } from "./run-agent.ts";
import { followSigns } from "./signs-of-life.ts";
import { createTurn, resumeOf } from "./turn-context.ts";
import { TurnRun, type TurnRunOptions } from "./turn-run.ts";
import type { StatusMarks } from "./status-marks.ts";
import { TurnAgents } from "./turn-agents.ts";
import { startTyping } from "./typing.ts";
import { createWorkingTurn } from "./working-turn.ts";

const nothing: ReadonlySet<string> = new Set();

/** What turns are run with. */
export interface TurnsParts {
  readonly roster: Roster;
  readonly choices: Pick<Choices, "of">;
  readonly approvals: Approvals;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly questions: Questions;
  readonly resumes: Pick<Resumes, "permitted">;
  /** A run of an agent of which nothing is heard for so long is ended; 0 = never. */
  readonly inactivityMs: number;
  /** The lane has one more turn to work off than was thought. */
  readonly again: (key: SessionKey, count: number) => void;
  /** So many messages of the lane do not wait any more. */
  readonly taken: (key: SessionKey, count: number) => void;
  readonly working: WorkingTurns;
  readonly leftBehind: LeftBehind;
  readonly backlog: Pick<Backlog, "wordsFor">;
  readonly answers: AnswerListener;
  readonly marks: StatusMarks;
  readonly connections: Connections;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly catalogue: Catalogue;
  readonly files: FileShelf;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Runs turns: one agent, one frozen context, one reply each. */
export class Turns {
  readonly #parts: TurnsParts;
  readonly #agents: TurnAgents;
  /** Answers that an earlier process left unsent, per lane: nothing newer may be shown before them. */
  readonly #unsent = new Map<SessionKey, Promise<unknown>>();
  /** Up to here events came to an earlier process. */
  #earlierSeq = 0;

  constructor(parts: TurnsParts) {
    this.#parts = parts;
    this.#agents = new TurnAgents(parts);
  }

  /** What was accepted up to `lastSeq` came to an earlier process. */
  startAfter(lastSeq: number): void {
    this.#earlierSeq = lastSeq;
  }

  /** The lane's next turn is to wait until `answer` is shown. */
  showFirst(key: SessionKey, answer: Promise<void>): void {
    this.#unsent.set(key, Promise.all([this.#unsent.get(key), answer]));
  }

  /** Works off the lane's next turn. */
  async runNext(key: SessionKey, signal: AbortSignal, release: () => void): Promise<void> {
    const unsent = this.#unsent.get(key);
    if (unsent !== undefined) {
      release();
      if ((await settledUnless(signal, unsent)) === "settled") this.#unsent.delete(key);
      // Whoever stops the lane stops nothing of what is shown: it is waited for again.
      else if (signal.reason !== "shutdown") this.#parts.again(key, 1);
      return;
    }
    const interrupted = this.#parts.leftBehind.next(key);
    const { store, ids, clock } = this.#parts;
    const claimed =
      interrupted ??
      (await store.claimTurn({ sessionKey: key, turnId: ids.turn(), newSessionId: ids.session(), nowMs: clock.now() }));
    if (claimed === undefined) return;
    if (interrupted === undefined) this.#parts.taken(key, claimed.joined.length);
    if (claimed.event.origin.lifetime === "request" && claimed.seq <= this.#earlierSeq) await this.#dropUnanswerable(claimed);
    else if (interrupted !== undefined) await this.#resume(interrupted, signal, release);
    else {
      const reply = this.#parts.outbox.reply(targetOf(claimed), { kind: "running" });
      const words = this.#parts.backlog.wordsFor(claimed);
      if (words !== undefined) reply.push({ type: "notice", text: words });
      await this.#run(
        {
          claimed,
          working: createWorkingTurn(claimed, this.#parts),
          signal,
          release,
          reply,
          said: "",
          asked: [],
          unheardUntil: nothing,
          isHeld: backgroundOfSession(key) !== undefined,
        },
        resumeOf(claimed, undefined, ""),
      );
    }
  }

  /** Takes up a turn whose process ended. */
  async #resume(turn: InterruptedTurn, signal: AbortSignal, release: () => void): Promise<void> {
    const { outbox, platforms, resumes, leftBehind } = this.#parts;
    const agent = this.#agents.of(turn.sessionKey);
    const capabilities = platforms.get(turn.event.chat.ref.platform)?.capabilities;
    const intended = resumptionOf(turn, agent.features, canRewrite(capabilities, outbox.parts.unknownSends));
    const resumption = leftBehind.isStopped(turn) ? intended : await resumes.permitted(turn, intended, false, signal);
    // Stopped before it could be noted that it runs again.
    if (resumption === undefined && signal.reason === "shutdown") return;
    const isStopped = leftBehind.isStopped(turn) || resumption === undefined;
    // What its agent took and does not know of any more is offered again, or becomes the next turn.
    const returned = isStopped ? [] : await this.#parts.store.returnSteering(turn.turnId);
    if (returned.length > 0) this.#parts.again(turn.sessionKey, returned.length);
    const working = createWorkingTurn(turn, this.#parts);
    if (working.canSteer) for (const { seq } of returned) working.steering.offer({ kind: "message", seq });
    const goesOn = resumption?.how === "run" || resumption?.how === "replay";
    const keep = goesOn && !isStopped ? resumption.keep : turn.parts.length;
    const leftover: Leftover = { how: "again", parts: turn.parts, keep, step: turn.step };
    const reply = outbox.reply(targetOf(turn), { kind: "running" }, leftover);
    if (isStopped) return await this.#end(turn, reply, { kind: "interrupted", reason: "stop" }, turn.text || shownText(turn));
    switch (resumption.how) {
      case "wait":
        return await this.#waitForAnswer(working, turn, resumption.question, reply, signal, release);
      case "cut-off":
        return await this.#cutOff(turn, resumption.why, reply);
      case "run":
      case "replay":
        return await this.#runAgain(working, turn, resumption, reply, signal, release);
    }
  }

  async #runAgain(
    working: WorkingTurn,
    turn: InterruptedTurn,
    resumption: Extract<Resumption, { how: "run" | "replay" }>,
    reply: DurableReply,
    signal: AbortSignal,
    release: () => void,
  ): Promise<void> {
    const shown = shownText(turn, resumption.keep);
    await this.#run(
      {
        claimed: turn,
        working,
        signal,
        release,
        reply,
        // One that starts over says it all again.
        said: this.#agents.of(turn.sessionKey).features.resume === "continue" ? turn.text || shown : "",
        asked: turn.questions,
        unheardUntil: resumption.how === "replay" ? resumption.asked : nothing,
        isHeld: backgroundOfSession(turn.sessionKey) !== undefined,
      },
      resumeOf(turn, turn, shown),
    );
  }

  /** What was asked stands there, and its answer brings the turn on. Nobody else's turn has to wait for that. */
  async #waitForAnswer(
    working: WorkingTurn,
    turn: InterruptedTurn,
    asked: StoredQuestion,
    reply: DurableReply,
    signal: AbortSignal,
    release: () => void,
  ): Promise<void> {
    const { questions, resumes } = this.#parts;
    const agent = this.#agents.of(turn.sessionKey);
    const { key, question } = asked;
    release();
    this.#parts.working.begin(working);
    const answer = await questions.wait(openQuestion(turn, asked), signal);
    this.#parts.working.end(working);
    if (answer === undefined) {
      if (signal.reason !== "shutdown") await this.#end(turn, reply, { kind: "interrupted", reason: signal.reason }, turn.text);
      return;
    }
    if ("expired" in answer && question.onExpiry !== "") reply.push({ type: "notice", text: question.onExpiry });
    const answered: InterruptedTurn = {
      ...turn,
      questions: turn.questions.map((each) => (each.key === key ? { ...each, answer } : each)),
    };
    // What stood there when it was asked stays.
    const intended = resumptionOf(answered, agent.features, () => false);
    const resumption = await resumes.permitted(answered, intended, !("expired" in answer), signal);
    if (resumption === undefined) {
      if (signal.reason !== "shutdown") await this.#end(turn, reply, { kind: "interrupted", reason: signal.reason }, turn.text);
      return;
    }
    switch (resumption.how) {
      case "wait":
        return await this.#waitForAnswer(working, answered, resumption.question, reply, signal, release);
      case "cut-off":
        return await this.#cutOff(answered, resumption.why, reply);
      case "run":
      case "replay":
        return await this.#runAgain(working, answered, resumption, reply, signal, release);
    }
  }

  async #run(options: TurnRunOptions, resume: Turn["resume"]): Promise<void> {
    const { store, outbox, marks, connections, platforms, clock, catalogue, inactivityMs } = this.#parts;
    const { claimed, working, release, reply, isHeld } = options;
    const { chat, origin } = claimed.event;
    const { agent, ...given } = await this.#agents.contextOf(claimed);
    marks.begin(origin);
    const typing = startTyping(chat, {
      // Who does something beside the conversation looks busy to nobody.
      platform: isHeld ? undefined : platforms.get(chat.ref.platform),
      connections,
      clock,
      penalties: outbox.penalties,
    });
    const onQuiet = (quietMs: number): void => {
      // Whoever waits for a request can neither stop it nor tell a notice from the answer.
      if (origin.lifetime !== "request") reply.push({ type: "notice", text: catalogue.restart.quiet(quietMs) });
    };
    const signs = followSigns(typing, { clock, signal: options.signal, inactivityMs, onQuiet });
    const { signal } = signs;
    const run = new TurnRun(this.#parts, { ...options, signal });
    const ask: TurnRun["ask"] = (question) => signs.whileAsking(run.ask(question));
    const download = downloads(this.#parts, claimed.event.chat.ref.platform, signal);
    const { steering } = working;
    const turn = createTurn({ ...given, claimed, signal, store, run: { ask }, steering, resume, download });
    this.#parts.working.begin(working);
    const outcome = await runAgent(agent, turn, (event) => {
      working.guard.hear(event);
      return signs.hear(event, run.hear(event));
    });
    this.#parts.working.end(working);
    // What is still offered waits, and is answered next.
    working.steering.close();
    signs.stop();
    release();
    // The next process takes it up from what the store knows.
    if (outcome.kind === "interrupted" && outcome.reason === "shutdown") return;
    const said = run.end(headingOf(claimed.sessionKey, claimed.event, outcome, catalogue.agents));
    await this.#end(claimed, reply, outcome, said, run.steps);
    this.#agents.leave(claimed);
  }

  async #end(
    claimed: ClaimedTurn,
    reply: DurableReply,
    outcome: AgentOutcome,
    said: string,
    steps: readonly StepRecord[] = [],
  ): Promise<void> {
    const { store, clock, logger, catalogue } = this.#parts;
    if (outcome.kind === "failed") {
      logger.error(
        `The agent failed in turn ${claimed.turnId}: ${outcome.error instanceof Error ? (outcome.error.stack ?? outcome.error.message) : String(outcome.error)}`,
      );
      reply.push({ type: "notice", text: catalogue.agentFailed });
    }
    if (outcome.kind === "interrupted" && outcome.reason === "timeout")
      reply.push({ type: "notice", text: catalogue.restart.timedOut(this.#parts.inactivityMs) });
    const ending: Omit<TurnEnding, "parts"> = {
      turnId: claimed.turnId,
      outcome: outcome.kind,
      text: said,
      steps,
      ...(broughtMuch(claimed.event) ? { forgetRequest: true } : {}),
      ...(claimed.before === undefined ? {} : { cutOff: "clear" }),
      nowMs: clock.now(),
    };
    await reply.finish(outcome.kind, (parts) => store.finishTurn({ ...ending, parts }));
    await reply.settled;
  }

  /** It must not run again by itself: one notice, and whatever is said next goes on from what is left open. */
  async #cutOff(turn: InterruptedTurn, why: CutOffReason, reply: DurableReply): Promise<void> {
    const { store, clock, catalogue } = this.#parts;
    const ending = {
      turnId: turn.turnId,
      outcome: "interrupted",
      text: shownText(turn),
      cutOff: "set",
      nowMs: clock.now(),
    } as const;
    reply.push({ type: "notice", text: cutOffWords(why, catalogue) });
    await reply.finish("interrupted", (parts) => store.finishTurn({ ...ending, parts }));
    await reply.settled;
  }

  async #dropUnanswerable(claimed: ClaimedTurn): Promise<void> {
    const { store, clock } = this.#parts;
    await store.finishTurn({ turnId: claimed.turnId, outcome: "interrupted", text: "", parts: [], nowMs: clock.now() });
  }
}

/** A caller who is gone afterwards brought earlier messages along. */
function broughtMuch(event: PlatformEvent): boolean {
  return event.type === "message" && event.request !== undefined && event.origin.lifetime === "request";
}

/** The newest of what it answers is where it goes: its right to answer lasts longest. */
function targetOf({ turnId, sessionKey, event: first, joined }: ClaimedTurn) {
  const event = joined.at(-1)?.event ?? first;
  return { replyId: turnId, sessionKey, chat: event.chat, origin: event.origin };
}
