import type { AgentEvent } from "@hermes/core";
import type { StepRecord } from "../store.ts";

/** More of a turn's tools are not kept for people to look at. */
const maxSteps = 100;
const maxTextLength = 300;

/** The tools of one turn, as people are told of them afterwards. */
export class Steps {
  readonly #steps = new Map<string, StepRecord>();

  hear(event: AgentEvent): void {
    if (event.type === "tool-start" && (this.#steps.has(event.callId) || this.#steps.size < maxSteps)) {
      this.#steps.set(event.callId, { callId: event.callId, title: short(event.title), state: "running" });
    } else if (event.type === "tool-end") {
      const step = this.#steps.get(event.callId);
      if (step === undefined) return;
      const summary = event.summary === undefined ? {} : { summary: short(event.summary) };
      this.#steps.set(event.callId, { ...step, state: event.outcome === "done" ? "done" : "failed", ...summary });
    }
  }

  /** One that never ended has failed with its turn. */
  end(): readonly StepRecord[] {
    return [...this.#steps.values()].map((step) => (step.state === "running" ? { ...step, state: "failed" } : step));
  }
}

function short(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength - 1)}…` : text;
}
