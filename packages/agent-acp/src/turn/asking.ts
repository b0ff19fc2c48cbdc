import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";
import type { AgentHost, Turn } from "@hermes/core";
import { unlessAborted } from "../time-limit.ts";
import type { ToolCalls } from "../updates/tool-calls.ts";
import type { EventQueue } from "./event-queue.ts";
import { cancelled, isAllowed, permissionOutcome, permissionQuestion, rejection } from "./permission.ts";

/** Questions of one turn that wait for the one before them; more than that nobody answers. */
const mostWaiting = 20;

/** What the questions of a turn are asked with. */
export interface AskingParts {
  readonly turn: Turn;
  readonly host: Pick<AgentHost, "logger">;
  readonly queue: EventQueue;
  readonly tools: ToolCalls;
  readonly permissions: "ask" | "deny";
}

/** Puts an agent's requests for leave to people: one after the other, each behind what was said before it. */
export class Asking {
  readonly #parts: AskingParts;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  /** What it comes to. Never rejects: whatever goes wrong is a no. */
  async decide(request: RequestPermissionRequest, withdrawn: AbortSignal): Promise<RequestPermissionResponse> {
    const { turn, tools, permissions } = this.#parts;
    const signal = AbortSignal.any([turn.signal, withdrawn]);
    const isAsked = permissions === "ask" && this.#waiting < mostWaiting;
    const response = isAsked ? await this.#inTurn(request, signal) : rejection(request.options);
    if (!isAllowed(response, request.options)) tools.deny(request.toolCall.toolCallId);
    return response;
  }

  async #inTurn(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse> {
    this.#waiting += 1;
    const asked = this.#last.then(() => this.#ask(request, signal));
    this.#last = asked;
    try {
      return (await unlessAborted(asked, signal)) ?? cancelled;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #ask(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse> {
    const { turn, host, queue, tools } = this.#parts;
    if (signal.aborted) return cancelled;
    const asked = permissionQuestion(request, tools.get(request.toolCall.toolCallId));
    if ("unaskable" in asked) {
      await queue.push([{ type: "notice", text: asked.unaskable }]);
      return rejection(request.options);
    }
    // What the agent said before it asked stands above the question.
    await queue.reached();
    try {
      const answer = await unlessAborted(turn.ask(asked.question), signal);
      return answer === undefined ? cancelled : permissionOutcome(answer, asked.choices);
    } catch (error) {
      if (!signal.aborted) host.logger.warn(`A question of the agent could not be asked, so that it is a no: ${String(error)}`);
      return signal.aborted ? cancelled : rejection(request.options);
    }
  }
}
