import { timelineSteps, type DeliveryDetails, type Timeline, type TimelineStep } from "@hermes/protocol";
import { ago, day, exactTime, span } from "./moments.ts";
import { cutText, oneLine, padText, wrapText } from "./text-width.ts";
import type { View } from "./view.ts";
import { contentWords, deliveryWords, eventWords, partWords, refWords, ruleWords } from "./words.ts";

const timeWidth = "00:00:00.000".length;
const nameWidth = "received".length;
const indent = " ".repeat(timeWidth + 2 + nameWidth + 2);
const maxLines = 3;

/** The way of one message, one step a line, under the day it happened on; the last line says how it ended. */
export function showTimeline(timeline: Timeline, { nowMs, width }: View): string {
  let lines = "";
  let lastDay = "";
  for (const step of timelineSteps(timeline)) {
    if (step.atMs !== undefined && day(step.atMs) !== lastDay) {
      lastDay = day(step.atMs);
      lines += `${lastDay} (${ago(step.atMs, nowMs)})\n`;
    }
    const [words = "", ...rest] = wordsOf(step, Math.max(20, width - indent.length));
    const at = padText(step.atMs === undefined ? "" : exactTime(step.atMs), timeWidth);
    lines += `${at}  ${padText(nameOf(step), nameWidth)}  ${words}\n${rest.map((line) => `${indent}${line}\n`).join("")}`;
  }
  return `${lines}\n${conclusion(timeline)}\n`;
}

function wordsOf(step: TimelineStep, columns: number): readonly string[] {
  const { lines, more } = wrapText(oneLine(describe(step)), columns, maxLines);
  return more === 0 ? lines : lines.map((line, index) => (index === maxLines - 1 ? cutText(`${line} …`, columns) : line));
}

function nameOf(step: TimelineStep): string {
  if (step.kind === "part") return `part ${step.part.index + 1}`;
  return step.kind === "turn" ? step.delivery.kind : step.kind;
}

function describe(step: TimelineStep): string {
  switch (step.kind) {
    case "received": {
      const { platform, content } = step.event;
      return `${platform}: ${contentWords(step.event)}${content?.text === undefined ? "" : `: ${content.text}`}`;
    }
    case "rule":
      return ruleWords(step.event);
    case "lane":
      return `${step.sessionKey}: ${eventWords(step.event)}`;
    case "turn":
      return turnWords(step.delivery);
    case "part":
      return `${partWords(step.part)}: ${step.part.text}`;
    case "ref":
      return refWords(step.ref);
  }
}

function turnWords({ kind, replyId, outcome, startedAtMs, endedAtMs }: DeliveryDetails): string {
  if (kind === "notice") return `said by the gateway itself: ${replyId}`;
  if (endedAtMs === undefined) return `the agent, still running: ${replyId}`;
  return `the agent, ${outcome ?? "ended"} after ${span(endedAtMs - startedAtMs)}: ${replyId}`;
}

/** How it ended, and what to do where it ended badly. */
function conclusion({ event, deliveries }: Timeline): string {
  const last = deliveries.at(-1);
  if (last !== undefined) {
    const trouble = deliveries.find(({ state }) => state === "failed" || state === "unknown" || state === "parked");
    if (trouble === undefined)
      return last.state === "sent" ? "Answered: all of it is shown." : `The answer: ${deliveryWords(last.state)}.`;
    return `The answer: ${deliveryWords(trouble.state)}.\nTry it again: hermes deliveries retry ${trouble.replyId}`;
  }
  if (event === undefined) return "Nothing came of it.";
  switch (event.verdict) {
    case "refuse":
      return `Not answered: it was refused. Once that is mended, the person has to write again.`;
    case "observe":
      return "Not answered: it was noted only.";
    case "run":
    case "pair":
      if (event.state === "waiting") return `Not answered yet: it ${eventWords(event)}.`;
      if (event.state === "taken") return "Not answered: it was taken, and nothing is written down that came of it.";
      return `Not answered: ${eventWords(event)}.`;
  }
}
