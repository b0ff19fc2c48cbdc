import type { AgentEvent, PlanEntry } from "@hermes/core";
import { cut, oneLine, visible } from "../plain-text.ts";
import { showBlock } from "./files.ts";
import { ToolCalls } from "./tool-calls.ts";
import { contentChunk, notice, plan, toolCall } from "./update.ts";

const mostPlanEntries = 100;
const maxPlanEntryLength = 500;
const maxNoticeLength = 1000;

/** What became of one update: what is told of it, or that it was none. */
export type Told = readonly AgentEvent[] | "malformed";

/** Makes the events of one turn out of its updates. */
export class TurnUpdates {
  readonly tools: ToolCalls;
  /** Whether something was said since the last break. */
  #isSpeaking = false;
  #messageId: string | undefined;

  constructor(outputOf: (terminalId: string) => string | undefined) {
    this.tools = new ToolCalls(outputOf);
  }

  take(update: Readonly<Record<string, unknown>>): Told {
    switch (update["sessionUpdate"]) {
      case "agent_message_chunk":
        return this.#said(update);
      case "agent_thought_chunk":
        return thought(update);
      case "tool_call":
      case "tool_call_update":
        return this.#worked(update);
      case "plan":
        return planned(update);
      case "notice":
        return noticed(update);
      default:
        // What a person said, and what later versions of the protocol tell.
        return [];
    }
  }

  #said(update: Readonly<Record<string, unknown>>): Told {
    const read = contentChunk.safeParse(update);
    if (!read.success) return "malformed";
    const event = showBlock(read.data.content);
    if (event === undefined) return [];
    const id = read.data.messageId ?? undefined;
    const isNext = id !== undefined && this.#messageId !== undefined && id !== this.#messageId;
    const events = isNext ? [...this.#break(), event] : [event];
    this.#messageId = id;
    this.#isSpeaking = true;
    return events;
  }

  #worked(update: Readonly<Record<string, unknown>>): Told {
    const read = toolCall.safeParse(update);
    if (!read.success) return "malformed";
    const events = this.tools.take(read.data);
    return events[0]?.type === "tool-start" ? [...this.#break(), ...events] : events;
  }

  #break(): readonly AgentEvent[] {
    if (!this.#isSpeaking) return [];
    this.#isSpeaking = false;
    return [{ type: "segment-end" }];
  }
}

function thought(update: Readonly<Record<string, unknown>>): Told {
  const read = contentChunk.safeParse(update);
  if (!read.success) return "malformed";
  const { content } = read.data;
  return content.type === "text" && content.text !== "" ? [{ type: "reasoning-delta", text: content.text }] : [];
}

function planned(update: Readonly<Record<string, unknown>>): Told {
  const read = plan.safeParse(update);
  if (!read.success) return "malformed";
  const entries = read.data.entries.slice(0, mostPlanEntries).map(({ content, status }): PlanEntry => {
    const text = oneLine(content, maxPlanEntryLength);
    if (status === "completed") return { text, state: "done" };
    return { text, state: status === "in_progress" ? "running" : "pending" };
  });
  return [{ type: "plan", entries }];
}

function noticed(update: Readonly<Record<string, unknown>>): Told {
  const read = notice.safeParse(update);
  if (!read.success) return "malformed";
  const { title, description } = read.data;
  const text = visible([title, description ?? ""].join("\n")).trim();
  return text === "" ? [] : [{ type: "notice", text: cut(text, maxNoticeLength) }];
}
