import { createHash } from "node:crypto";
import type { AgentEvent, Json, ToolEffect } from "@hermes/core";
import { oneLine } from "../plain-text.ts";
import { summaryOf } from "./tool-summary.ts";
import type { ToolCall } from "./update.ts";

/** Calls of one turn that are followed; beyond that nobody reads along. */
const mostCalls = 2000;
const maxTitleLength = 300;
/** A longer id, or an input of more characters, is not handed on as it is. */
const maxIdLength = 120;
const maxInputLength = 4000;

/** A call of a tool as far as it is known. */
export interface KnownCall {
  readonly callId: string;
  readonly title: string;
  readonly rawInput: unknown;
  readonly content: readonly unknown[];
  readonly state: "open" | "over";
  readonly isDenied: boolean;
}

/** The calls of one turn. Whatever order an agent tells them in, each is started once and ended once. */
export class ToolCalls {
  readonly #calls = new Map<string, KnownCall>();
  readonly #outputOf: (terminalId: string) => string | undefined;

  /** `outputOf` is what a terminal of ours has written. */
  constructor(outputOf: (terminalId: string) => string | undefined) {
    this.#outputOf = outputOf;
  }

  get(toolCallId: string): KnownCall | undefined {
    return this.#calls.get(toolCallId);
  }

  get isAnyOpen(): boolean {
    return [...this.#calls.values()].some(({ state }) => state === "open");
  }

  /** What a report of a call comes to. A call that was never announced begins with the first word of it. */
  take(report: ToolCall): readonly AgentEvent[] {
    const before = this.#calls.get(report.toolCallId);
    if (before?.state === "over" || (before === undefined && this.#calls.size >= mostCalls)) return [];
    const call = merged(before, report);
    this.#calls.set(report.toolCallId, call);
    const started = before === undefined ? [startOf(call, report.kind)] : [];
    if (report.status === "completed") return [...started, ...this.#end(report.toolCallId, "done")];
    if (report.status === "failed") return [...started, ...this.#end(report.toolCallId, call.isDenied ? "denied" : "failed")];
    return started;
  }

  /** A person said no to it. */
  deny(toolCallId: string): void {
    const call = this.#calls.get(toolCallId);
    if (call?.state === "open") this.#calls.set(toolCallId, { ...call, isDenied: true });
  }

  /** The turn is over: what is still open ends with it. */
  endAll(outcome: "failed" | "skipped"): readonly AgentEvent[] {
    return [...this.#calls].flatMap(([id, { state, isDenied }]) =>
      state === "open" ? this.#end(id, isDenied ? "denied" : outcome) : [],
    );
  }

  #end(toolCallId: string, outcome: "done" | "failed" | "denied" | "skipped"): readonly AgentEvent[] {
    const call = this.#calls.get(toolCallId);
    if (call === undefined) return [];
    const summary = summaryOf(call.content, this.#outputOf);
    // Only that it was is kept of it: contents may be large.
    this.#calls.set(toolCallId, { ...call, state: "over", content: [], rawInput: undefined });
    return [{ type: "tool-end", callId: call.callId, outcome, ...(summary === "" ? {} : { summary }) }];
  }
}

/** What a kind of tool does to the world: whatever is not known to leave it alone is never done twice. */
export function effectOf(kind: string | null | undefined): ToolEffect {
  switch (kind) {
    case "read":
    case "search":
    case "think":
    case "fetch":
    case "switch_mode":
      return "none";
    default:
      return "once";
  }
}

function merged(before: KnownCall | undefined, { toolCallId, title, name, rawInput, content }: ToolCall): KnownCall {
  const said = oneLine(title ?? name ?? "", maxTitleLength);
  return {
    callId: before?.callId ?? shortId(toolCallId),
    title: said === "" ? (before?.title ?? "Tool") : said,
    rawInput: rawInput ?? before?.rawInput,
    content: content ?? before?.content ?? [],
    state: "open",
    isDenied: before?.isDenied ?? false,
  };
}

function startOf({ callId, title, rawInput }: KnownCall, kind: string | null | undefined): AgentEvent {
  const isShort = rawInput !== undefined && rawInput !== null && JSON.stringify(rawInput).length <= maxInputLength;
  return {
    type: "tool-start",
    callId,
    title,
    effect: effectOf(kind),
    // It came as JSON.
    ...(isShort ? { input: rawInput as Json } : {}),
  };
}

/** The id itself, or what stands for one that is too long. */
export function shortId(id: string): string {
  return id.length <= maxIdLength ? id : `sha256-${createHash("sha256").update(id).digest("hex")}`;
}
