import type { ProgressEvent } from "@hermes/core";
import type { Answer } from "../exchange/answer.ts";

/** Writes an answer down while it comes, as server-sent events. */
export interface EventEncoder {
  open(): string;
  text(delta: string): string;
  progress(event: ProgressEvent): string;
  end(answer: Answer): string;
}

/** One event. JSON has no line breaks of its own, so that nothing said can forge another. */
export function eventOf(data: unknown, name?: string): string {
  return `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** What a tool does, in a form of our own. */
export interface ToolProgress {
  readonly call_id: string;
  readonly state: "running" | "done" | "failed" | "denied" | "skipped";
  readonly title?: string;
  readonly summary?: string;
}

export function toolProgressOf(event: ProgressEvent): ToolProgress | undefined {
  switch (event.type) {
    case "tool-start":
      return { call_id: event.callId, state: "running", title: event.title };
    case "tool-end":
      return { call_id: event.callId, state: event.outcome, ...(event.summary === undefined ? {} : { summary: event.summary }) };
    default:
      return undefined;
  }
}
