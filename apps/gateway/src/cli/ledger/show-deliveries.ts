import type { Delivery, DeliveryDetails, DeliveryPart, Page } from "@hermes/protocol";
import { briefMoment, fullMoment, span } from "./moments.ts";
import { renderFacts, renderTable, type Column } from "./table.ts";
import { wrapText } from "./text-width.ts";
import type { View } from "./view.ts";
import { authorWords, briefChatWords, chatWords, deliveryWords, partWords, refWords } from "./words.ts";

/** Deliveries as a table; the id comes last and whole, so that it can be copied. */
export function showDeliveries({ rows }: Page<Delivery>, { nowMs, width }: View): string {
  const columns: readonly Column<Delivery>[] = [
    { title: "WHEN", cell: ({ startedAtMs }) => briefMoment(startedAtMs, nowMs) },
    { title: "STATE", cell: stateOf },
    { title: "WHY", cell: whyOf, least: 12, from: 110 },
    { title: "CHAT", cell: ({ chat }) => briefChatWords(chat), least: 12 },
    { title: "DELIVERY", cell: ({ replyId }) => replyId },
  ];
  return renderTable(columns, rows, width);
}

function stateOf({ state, parts, partsSent }: Delivery): string {
  return parts > 1 || (parts === 1 && partsSent === 0) ? `${state} ${partsSent}/${parts}` : state;
}

function whyOf({ failure, attempts }: Delivery): string {
  if (failure === undefined) return "";
  return attempts === 0 ? failure : `${failure}, ${attempts} ${attempts === 1 ? "try" : "tries"}`;
}

/** One delivery with its parts, and what can be done about it. */
export function showDelivery(delivery: DeliveryDetails, view: View): string {
  const { replyId, kind, state, chat, seq, startedAtMs, endedAtMs, outcome, details, partsSent, parts } = delivery;
  const why = whyOf(delivery);
  const facts = renderFacts(
    [
      ["Delivery", `${replyId}, ${kind === "turn" ? "an answer of the agent" : "a notice of the gateway"}`],
      ["State", `${state}: ${deliveryWords(state)}${why === "" ? "" : ` (${why})`}`],
      ["Chat", chatWords(chat)],
      ["Answers", answersOf(delivery)],
      ["Event", seq === undefined ? undefined : String(seq)],
      ["Started", fullMoment(startedAtMs, view.nowMs)],
      ["Ended", endedAtMs === undefined ? undefined : `${outcome ?? "complete"} after ${span(endedAtMs - startedAtMs)}`],
      ["Parts", `${partsSent} of ${parts} shown`],
    ],
    view.width,
  );
  return `${facts}${details.map((part) => showPart(part, view)).join("")}${nextStep(delivery)}`;
}

function answersOf({ author, answers }: DeliveryDetails): string | undefined {
  const who = author === undefined ? undefined : authorWords(author);
  if (answers === undefined) return who;
  return who === undefined ? refWords(answers) : `${refWords(answers)} from ${who}`;
}

const maxTextLines = 6;

function showPart(part: DeliveryPart, { nowMs, width }: View): string {
  const kind = part.kind === "text" ? "" : part.kind === "notice" ? ", a notice" : ", the word that a part was not delivered";
  const facts = renderFacts(
    [
      [`Part ${part.index + 1}`, `${partWords(part)}${kind}`],
      ["Shown", part.shownAtMs === undefined ? undefined : fullMoment(part.shownAtMs, nowMs)],
      ["Where", part.refs.length === 0 ? undefined : part.refs.map(refWords).join("; ")],
    ],
    width,
  );
  const { lines, more } = wrapText(part.text, width - 4, maxTextLines);
  const rest = more === 0 ? "" : `    (${more} more ${more === 1 ? "line" : "lines"}: --json has all of it)\n`;
  return `\n${facts}${lines.map((line) => `  | ${line}\n`).join("")}${rest}`;
}

function nextStep({ state, replyId }: Delivery): string {
  switch (state) {
    case "failed":
    case "unknown":
      return `\nShow it again: hermes deliveries retry ${replyId}\n`;
    case "queued":
    case "parked":
      return `\nTry it now: hermes deliveries retry ${replyId}\nGive it up: hermes deliveries drop ${replyId}\n`;
    case "running":
    case "sending":
    case "sent":
    case "empty":
      return "";
  }
}
