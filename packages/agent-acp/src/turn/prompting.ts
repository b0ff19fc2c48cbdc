import type { ContentBlock } from "@agentclientprotocol/sdk";
import type { AgentEvent, AgentHost, Turn } from "@hermes/core";
import { keptAs } from "../sessions/kept-session.ts";
import type { AcpSession } from "../sessions/session.ts";
import { TurnUpdates } from "../updates/turn-updates.ts";
import { promptResponse, type PromptResponse } from "../updates/update.ts";
import { usageOf } from "../updates/usage.ts";
import { Asking } from "./asking.ts";
import { EventQueue } from "./event-queue.ts";

/** What one prompt is made with. */
export interface PromptingParts {
  readonly turn: Turn;
  readonly session: AcpSession;
  readonly host: Pick<AgentHost, "logger" | "clock">;
  readonly permissions: "ask" | "deny";
  readonly limitMs: number;
  /** What a terminal of this session has written. */
  outputOf(terminalId: string): string | undefined;
}

/** One prompt on its way through the agent: what it tells becomes events, until its answer. */
export class Prompting {
  readonly queue: EventQueue;
  readonly #parts: PromptingParts;
  readonly #updates: TurnUpdates;
  /** Whether something was begun, since the last checkpoint, that must not be done twice. */
  #hasActed = false;
  #isMalformedTold = false;
  #isOver = false;
  /** Resolves when the agent has answered, or never will; never rejects. */
  readonly finished: Promise<void>;

  constructor(parts: PromptingParts, blocks: readonly ContentBlock[]) {
    this.#parts = parts;
    this.queue = new EventQueue(parts.host.clock);
    this.#updates = new TurnUpdates((terminalId) => parts.outputOf(terminalId));
    const { turn, session, host, permissions } = parts;
    const asking = new Asking({ turn, host, queue: this.queue, tools: this.#updates.tools, permissions });
    session.listener = {
      update: (update) => this.#hear(update),
      permission: (request, signal) => asking.decide(request, signal),
    };
    this.finished = this.#prompt(blocks);
  }

  /** The agent has answered. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nothing that is told from now on is heard: answers the ends of what is still open. */
  detach(): readonly AgentEvent[] {
    this.#parts.session.listener = undefined;
    this.queue.end();
    return this.#updates.tools.endAll("skipped");
  }

  async #prompt(blocks: readonly ContentBlock[]): Promise<void> {
    const { session, limitMs } = this.#parts;
    session.isEmpty = false;
    try {
      const answer = await session.peer.request(
        "session/prompt",
        { sessionId: session.id, prompt: blocks },
        promptResponse,
        limitMs,
      );
      this.#isOver = true;
      await this.queue.push([...this.#updates.tools.endAll("skipped"), ...endingOf(answer, session)]);
      this.queue.end();
    } catch (error) {
      // One that took too long still works: whoever detaches stops it.
      this.#isOver = session.peer.isOver || !isTimeOut(error);
      await this.queue.push(this.#updates.tools.endAll("failed"));
      this.queue.fail(error);
    }
  }

  async #hear(update: Readonly<Record<string, unknown>>): Promise<void> {
    const told = this.#updates.take(update);
    if (told !== "malformed") return await this.queue.push([...told, ...this.#checkpointAfter(told)]);
    if (this.#isMalformedTold) return;
    this.#isMalformedTold = true;
    this.#parts.host.logger.warn(`The agent told something that the protocol does not know: ${String(update["sessionUpdate"])}`);
  }

  /** The agent's own session knows of what is done: from there it goes on, should the gateway go down. */
  #checkpointAfter(told: readonly AgentEvent[]): readonly AgentEvent[] {
    if (told.some((event) => event.type === "tool-start" && event.effect === "once")) this.#hasActed = true;
    const { session } = this.#parts;
    const { load, resume } = session.peer.facts.session;
    const isSettled = told.some(({ type }) => type === "tool-end") && !this.#updates.tools.isAnyOpen;
    if (!isSettled || !this.#hasActed || !(load || resume)) return [];
    this.#hasActed = false;
    return [{ type: "checkpoint", transcript: [], state: keptAs(session.id) }];
  }
}

function isTimeOut(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "timed-out";
}

/** What is said of how the answer ended. */
function endingOf(answer: PromptResponse, session: AcpSession): readonly AgentEvent[] {
  const usage = usageOf(answer, session.cost.sinceLast());
  const text = noticeOf(answer.stopReason);
  return text === undefined ? usage : [...usage, { type: "notice", text }];
}

function noticeOf(reason: PromptResponse["stopReason"]): string | undefined {
  switch (reason) {
    case "end_turn":
      return undefined;
    case "max_tokens":
      return "The answer ends here because it reached the most that the model may write.";
    case "max_turn_requests":
      return "The agent stopped because it made as many requests as one turn may have. Say “go on” to let it continue.";
    case "refusal":
      return "The agent refused to answer this.";
    case "cancelled":
      return "The agent stopped before it was done.";
  }
}
