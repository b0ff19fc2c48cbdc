import type { EventDetails, EventRecord, Page } from "@hermes/protocol";
import { briefMoment, fullMoment } from "./moments.ts";
import { renderFacts, renderTable, type Column } from "./table.ts";
import { wrapText } from "./text-width.ts";
import type { View } from "./view.ts";
import { chatWords, contentWords, eventWords, ruleWords } from "./words.ts";

/** Events as a table. */
export function showEvents({ rows }: Page<EventRecord>, { nowMs, width }: View): string {
  const columns: readonly Column<EventRecord>[] = [
    { title: "NUMBER", cell: ({ seq }) => String(seq) },
    { title: "WHEN", cell: ({ atMs }) => briefMoment(atMs, nowMs) },
    { title: "PLATFORM", cell: ({ platform }) => platform, least: 8 },
    { title: "VERDICT", cell: ({ verdict }) => verdict },
    { title: "STATE", cell: ({ state }) => state },
    { title: "RULE", cell: ({ rule }) => rule, least: 12 },
    { title: "EVENT", cell: ({ eventId }) => eventId, least: 10 },
  ];
  return renderTable(columns, rows, width);
}

const maxTextLines = 12;

/** One event with what it said. */
export function showEvent(event: EventDetails, { nowMs, width }: View): string {
  const { seq, platform, eventId, atMs, sessionKey, content } = event;
  const facts = renderFacts(
    [
      ["Event", `${seq}, ${eventId} of ${platform}`],
      ["Received", fullMoment(atMs, nowMs)],
      ["Rule", ruleWords(event)],
      ["State", `${event.state}: ${eventWords(event)}`],
      ["Session", sessionKey],
      ["Chat", content === undefined ? undefined : chatWords(content.chat)],
      ["Content", content === undefined ? "not kept" : contentWords(event)],
    ],
    width,
  );
  const { lines, more } = wrapText(content?.text ?? "", width - 4, maxTextLines);
  const text = content?.text === undefined ? "" : lines.map((line) => `  | ${line}\n`).join("");
  const rest = more === 0 ? "" : `    (${more} more ${more === 1 ? "line" : "lines"}: --json has all of it)\n`;
  return `${facts}${text}${rest}\nWhat became of it: hermes timeline ${seq}\n`;
}
