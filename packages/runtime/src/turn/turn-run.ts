import { type AgentEvent, type Answer, type Clock, type Logger, type Question, type Usage } from "@hermes/core";
import type { WorkingTurn } from "../busy/working-turns.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { DurableReply } from "../outbox/durable-reply.ts";
import type { ClaimedTurn, StepRecord, Store, StoredQuestion } from "../store.ts";
import { pauseUntil } from "../pause.ts";
import { isProgress } from "../outbox/answer-listener.ts";
import type { FileShelf } from "../media/file-shelf.ts";
import { bringsFiles, keepFiles, type FilesEvent } from "../media/keep-files.ts";
import { isStoreError, levelOf } from "../store-error.ts";
import { withOptions } from "./approval-options.ts";
import type { Approvals, Requester } from "./approvals.ts";
import { questionButtons } from "./question-buttons.ts";
import { questionText, type Questions } from "./questions.ts";
import { Said } from "./said.ts";
import { Steps } from "./steps.ts";

const retryMs = 1000;
const longestWaitMs = 30 * 24 * 60 * 60_000;
/** More of a task that is shown at its end is not worth one message each. */
const maxHeldFiles = 50;

interface StartedTool {
  readonly callId: string;
  readonly title: string;
  readonly effect: "repeatable" | "once";
}

/** What a run of an agent is followed with. */
export interface TurnRunParts {
  readonly store: Store;
  readonly questions: Questions;
  readonly approvals: Approvals;
  readonly catalogue: Catalogue;
  readonly files: FileShelf;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is known of a turn that runs. */
export interface TurnRunOptions {
  readonly claimed: ClaimedTurn;
  readonly working: WorkingTurn;
  readonly reply: DurableReply;
  readonly signal: AbortSignal;
  /** Gives the turn's place to others while somebody is waited for. */
  readonly release: () => void;
  /** What was said in an earlier run and is not said again. */
  readonly said: string;
  /** What was asked in an earlier run, and answered. */
  readonly asked: readonly StoredQuestion[];
  /** The agent is not heard until it has asked all of this again. */
  readonly unheardUntil: ReadonlySet<string>;
  /** What it says is shown at its end, all at once: nobody waits for it there. */
  readonly isHeld: boolean;
}

/** Follows one run of an agent: hands on what it says, journals what must not happen twice, asks for it. */
export class TurnRun {
  readonly #parts: TurnRunParts;
  readonly #options: TurnRunOptions;
  readonly #said: Said;
  readonly #steps = new Steps();
  readonly #journalled = new Map<string, StartedTool>();
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #unheard: Set<string>;
  /** What was said while nobody listened: should the agent not ask again, it is all there is. */
  #heldBack: AgentEvent[] = [];
  /** Files of a run that is shown at its end. */
  readonly #heldFiles: FilesEvent[] = [];

  constructor(parts: TurnRunParts, options: TurnRunOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#said = new Said(options.said);
    this.#unheard = new Set(options.unheardUntil);
    for (const { key, answer } of options.asked) if (answer !== undefined) this.#answers.set(key, Promise.resolve(answer));
  }

  /** A promise where the agent has to wait: what must not happen twice is noted before it happens. */
  hear(event: AgentEvent): void | Promise<void> {
    if (bringsFiles(event)) return this.#hearFiles(event);
    this.#said.hear(event);
    this.#steps.hear(event);
    if (this.#unheard.size > 0) this.#heldBack.push(event);
    else this.#show(event);
    switch (event.type) {
      case "tool-start":
        return this.#startTool(event);
      case "tool-end":
        return this.#endTool(event);
      case "checkpoint":
        return this.#keep(event);
      case "usage":
        return this.#account(event.usage);
      default:
        return undefined;
    }
  }

  /** Their bytes are kept before anything is said of them. */
  async #hearFiles(event: FilesEvent): Promise<void> {
    const kept = await keepFiles(event, this.#parts, this.#options.signal);
    this.#said.hear(kept);
    if (this.#options.isHeld) {
      if (this.#heldFiles.length < maxHeldFiles && bringsFiles(kept)) this.#heldFiles.push(kept);
      return;
    }
    if (this.#unheard.size > 0) this.#heldBack.push(kept);
    else this.#show(kept);
  }

  /** The tools it took so far. */
  get steps(): readonly StepRecord[] {
    return this.#steps.end();
  }

  /** The agent has ended: answers what it said, for the history. `heading` comes before what was held back until now. */
  end(heading?: AgentEvent): string {
    const { claimed, isHeld, reply } = this.#options;
    this.#parts.questions.forget(claimed);
    this.#listen();
    const said = this.#said.end();
    if (!isHeld) return said;
    if (heading !== undefined) reply.push(heading);
    reply.push({ type: "text-delta", text: said });
    for (const files of this.#heldFiles.splice(0)) reply.push(files);
    return said;
  }

  /** A question to a person. The same key is the same question, also after a restart. */
  ask(question: Question): Promise<Answer> {
    this.#unheard.delete(question.key);
    const before = this.#answers.get(question.key);
    if (before !== undefined) {
      if (this.#unheard.size === 0) this.#heldBack = [];
      return before;
    }
    this.#listen();
    const answer = this.#ask(question);
    this.#answers.set(question.key, answer);
    // An agent that is let go while it waits for several hears of one: of the others nobody does.
    answer.catch(() => undefined);
    return answer;
  }

  async #ask(given: Question): Promise<Answer> {
    const { store, questions, approvals, catalogue, clock } = this.#parts;
    const { claimed, reply, signal, release } = this.#options;
    const { turnId, sessionKey, event } = claimed;
    // Whoever asks by a request cannot say anything more while it is open.
    if (event.origin.lifetime === "request") return { refused: "Whoever asks here cannot be asked anything" };
    const requester = requesterOf(claimed);
    const question = withOptions(given, catalogue, approvals.mayLast(requester));
    const known = await approvals.known(question, requester);
    if (known !== undefined) return known;
    if (question.kind === "approval" && !reply.fits(question.prompt)) return this.#refuse(catalogue.agents.approval.tooLong);
    const waiting = question.callId === undefined ? undefined : this.#journalled.get(question.callId);
    if (waiting !== undefined) await this.#note({ kind: "tool-wait", callId: waiting.callId });
    const expiresAtMs = clock.now() + waitOf(question, approvals);
    const actions = reply.hasButtons ? questionButtons(turnId, question, reply.capabilities) : [];
    const text = actions.length > 0 ? question.prompt : questionText(question, catalogue);
    const answered = await reply.ask({ text, actions }, (parts, step) =>
      this.#kept(() => store.askQuestion({ turnId, question, expiresAtMs, step, parts })),
    );
    if (answered !== undefined) {
      if (waiting !== undefined) await this.#note({ kind: "tool-start", tool: waiting });
      return answered;
    }
    release();
    const asked = { chat: event.chat.ref, userId: event.origin.author.id };
    const answer = await questions.wait({ turnId, sessionKey, question, asked, expiresAtMs }, signal);
    if (answer === undefined) throw new Error(`The question \`${question.key}\` was not answered: the turn has ended`);
    if ("expired" in answer && question.onExpiry !== "") reply.push({ type: "notice", text: question.onExpiry });
    await this.#kept(() => approvals.note(question, answer, requester));
    // From now on nobody can tell how far it came.
    if (waiting !== undefined && "by" in answer) await this.#note({ kind: "tool-start", tool: waiting });
    return answer;
  }

  /** What nobody could see in full, nobody can have approved. */
  #refuse(words: string): Answer {
    this.#options.reply.push({ type: "notice", text: words });
    return { refused: words };
  }

  /** Not awaited: an account that cannot be kept holds up no answer. */
  #account(usage: Usage): undefined {
    const { store, clock, logger } = this.#parts;
    const { turnId, sessionId, sessionKey, event } = this.#options.claimed;
    const person = `${event.chat.ref.platform}:${event.origin.author.id}`;
    const record = { turnId, sessionId, sessionKey, person, usage, nowMs: clock.now() };
    store.addUsage(record).catch((error: unknown) => logger[levelOf(error)](`What a model took was not noted: ${String(error)}`));
  }

  async #startTool({ callId, title, effect }: Extract<AgentEvent, { type: "tool-start" }>): Promise<void> {
    if (effect === "none") return;
    const tool = { callId, title, effect };
    this.#journalled.set(callId, tool);
    const noted = this.#note({ kind: "tool-start", tool });
    // One that may run again may start before its note is kept.
    if (effect === "once") await noted;
    else noted.catch((error: unknown) => this.#complain(error));
  }

  #endTool({ callId }: Extract<AgentEvent, { type: "tool-end" }>): undefined {
    if (!this.#journalled.delete(callId)) return;
    this.#note({ kind: "tool-end", callId }).catch((error: unknown) => this.#complain(error));
  }

  /** Everything before it is kept with it. */
  async #keep({ transcript, state }: Extract<AgentEvent, { type: "checkpoint" }>): Promise<void> {
    // It was kept by the run that is gone over again.
    if (this.#unheard.size > 0) return;
    const { reply, claimed } = this.#options;
    const { step } = reply;
    const text = this.#said.soFar;
    await reply.commit((parts) =>
      this.#kept(() =>
        this.#parts.store.commitStep({
          kind: "checkpoint",
          turnId: claimed.turnId,
          step,
          transcript,
          ...(state === undefined ? {} : { state }),
          text,
          parts,
        }),
      ),
    );
  }

  #note(
    step:
      | { readonly kind: "tool-start"; readonly tool: StartedTool }
      | { readonly kind: "tool-end" | "tool-wait"; readonly callId: string },
  ) {
    return this.#kept(() => this.#parts.store.commitStep({ turnId: this.#options.claimed.turnId, ...step }));
  }

  /** A store that takes no writes for a while is waited for: what was acknowledged is not given up for that. */
  async #kept<T>(write: () => Promise<T>): Promise<T> {
    const { clock, logger } = this.#parts;
    const { signal, claimed } = this.#options;
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (signal.aborted || !isStoreError(error) || error.code === "fenced" || error.code === "closed") throw error;
        logger.debug(`The turn ${claimed.turnId} waits for the store: ${error.message}`);
        await pauseUntil(clock.now() + retryMs, clock, signal);
      }
    }
  }

  #complain(error: unknown): void {
    this.#parts.logger.error(`A step of ${this.#options.claimed.turnId} was not noted: ${String(error)}`);
  }

  #listen(): void {
    this.#unheard.clear();
    for (const event of this.#heldBack.splice(0)) this.#show(event);
  }

  #show(event: AgentEvent): void {
    const { reply, isHeld } = this.#options;
    if (isHeld) return;
    reply.push(event);
    if (isProgress(event)) reply.note(event);
  }
}

/** Who is asked about what a turn wants to do. */
function requesterOf({ sessionKey, sessionId, event, joined }: ClaimedTurn): Requester {
  const { platform } = event.chat.ref;
  const canBeForged = [event, ...joined.map((each) => each.event)].some(({ origin }) => origin.author.assurance !== "platform");
  return { sessionKey, sessionId, platform, userId: event.origin.author.id, canBeForged };
}

function waitOf({ key, kind, expiresAfterMs }: Question, approvals: Approvals): number {
  if (!Number.isFinite(expiresAfterMs) || expiresAfterMs <= 0)
    throw new TypeError(`Expected \`expiresAfterMs\` of the question \`${key}\` to be above 0, got ${expiresAfterMs}`);
  return Math.min(expiresAfterMs, kind === "approval" ? approvals.expiresAfterMs : longestWaitMs);
}
