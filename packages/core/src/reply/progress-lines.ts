import type { AgentEvent, PlanEntry } from "../agent.ts";
import { escapeMarkdown } from "../text/escape-markdown.ts";
import { graphemeCut } from "../text/grapheme.ts";

/**
 * How much of what an agent does is shown in the chat while it works, in one message that grows.
 *
 * - `new`: a line for each tool; one that is used again at once is counted.
 * - `all`: a line for each use of a tool, and the agent's plan.
 * - `verbose`: also what each was given, and what came of it.
 */
export interface ProgressDisplay {
  readonly tools: "new" | "all" | "verbose";
  /** It is taken away when the answer is complete, where messages can be removed. */
  readonly cleanUp: boolean;
  /** Characters of a tool's title that are shown. */
  readonly titleLength: number;
}

/** One use of a tool, as it is shown. */
export interface ProgressLine {
  readonly callId: string;
  readonly tool: string;
  readonly title: string;
  readonly state: "running" | Extract<AgentEvent, { type: "tool-end" }>["outcome"];
  readonly input?: string;
  readonly summary?: string;
  /** How often it was used at once, one after the other. */
  readonly count: number;
}

/** What the message that grows shows. */
export interface Progress {
  /** Since when there is something to show, in milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly lines: readonly ProgressLine[];
  /** Lines before them that are shown no more. */
  readonly gone: number;
  readonly plan: readonly PlanEntry[];
}

const maxLines = 20;
const maxPlanEntries = 15;
const planEntryLength = 100;
const detailLength = 200;
const marks: Readonly<Record<ProgressLine["state"], string>> = {
  running: "⚙️",
  done: "✅",
  failed: "❌",
  denied: "🚫",
  skipped: "⏭️",
};
const planMarks: Readonly<Record<PlanEntry["state"], string>> = { pending: "▫️", running: "▶️", done: "☑️" };

/** A tool begins. */
export function withTool(
  progress: Progress,
  { callId, title, tool = title, input }: Extract<AgentEvent, { type: "tool-start" }>,
  display: ProgressDisplay,
): Progress {
  const last = progress.lines.at(-1);
  const others = progress.lines.filter((line) => line.callId !== callId);
  const isAgain = display.tools === "new" && last !== undefined && last.tool === tool && last.callId !== callId;
  const line: ProgressLine = {
    callId,
    tool: cut(tool, detailLength),
    title: cut(title, Math.max(display.titleLength, 1)),
    state: "running",
    count: isAgain ? last.count + 1 : 1,
    ...(display.tools === "verbose" && input !== undefined ? { input: cut(JSON.stringify(input), detailLength) } : {}),
  };
  const lines = [...(isAgain ? others.slice(0, -1) : others), line];
  const surplus = Math.max(0, lines.length - maxLines);
  return { ...progress, lines: lines.slice(surplus), gone: progress.gone + surplus };
}

/** A tool has ended; one that is not shown changes nothing. */
export function withoutTool(
  progress: Progress,
  { callId, outcome, summary }: Extract<AgentEvent, { type: "tool-end" }>,
  display: ProgressDisplay,
): Progress {
  const isTold = display.tools === "verbose" && summary !== undefined;
  const lines = progress.lines.map((line) =>
    line.callId === callId ? { ...line, state: outcome, ...(isTold ? { summary: cut(summary, detailLength) } : {}) } : line,
  );
  return { ...progress, lines };
}

/** What the agent intends now. */
export function withPlan(progress: Progress, entries: readonly PlanEntry[], display: ProgressDisplay): Progress {
  if (display.tools === "new") return progress;
  const plan = entries.slice(0, maxPlanEntries).map((entry) => ({ ...entry, text: cut(entry.text, planEntryLength) }));
  return { ...progress, plan };
}

/** The longest form of it that `fits`, in Markdown: the oldest lines go first. Empty where none does. */
export function progressText({ lines, gone, plan }: Progress, fits: (text: string) => boolean): string {
  const planned = plan.map(({ text, state }) => `${planMarks[state]} ${escapeMarkdown(text)}`);
  for (let from = 0; from < Math.max(1, lines.length); from += 1) {
    const left = gone + from;
    const shown = [...(left === 0 ? [] : [`… ${left}`]), ...lines.slice(from).map(lineText), ...planned].join("\n");
    if (fits(shown)) return shown;
  }
  const last = lines.at(-1);
  const shortest = last === undefined ? "" : lineText({ ...last, title: cut(last.title, 20) });
  return fits(shortest) ? shortest : "";
}

function lineText({ title, state, count, input, summary }: ProgressLine): string {
  const times = count > 1 ? ` ×${count}` : "";
  const details = [input, summary].flatMap((detail) =>
    detail === undefined || detail === "" ? [] : [`\n> ${escapeMarkdown(detail)}`],
  );
  return `${marks[state]} ${escapeMarkdown(title)}${times}${details.join("")}`;
}

function cut(text: string, length: number): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  if (line.length <= length) return line;
  return `${line.slice(0, graphemeCut(line, 0, length - 1) ?? length - 1).trimEnd()}…`;
}
