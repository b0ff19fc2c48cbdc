import type { PlatformList, PlatformStatus } from "@hermes/protocol";
import { printable } from "../../log/printable.ts";
import { asJson } from "../ledger/as-json.ts";
import { briefMoment, span } from "../ledger/moments.ts";
import { renderTable, type Column } from "../ledger/table.ts";
import { oneLine } from "../ledger/text-width.ts";
import { currentView, type View } from "../ledger/view.ts";
import { askGateway } from "./ask-gateway.ts";

/** `hermes platform list`. */
export async function listPlatforms({ json }: { readonly json?: true }): Promise<void> {
  const list = await askGateway(({ client }) => client.call("platforms.list"));
  process.stdout.write(json === true ? asJson(list) : showPlatforms(list, currentView()));
}

/** `hermes platform pause` and `hermes platform resume`. What is so already is no failure. */
export async function changePlatform(what: "pause" | "resume", id: string): Promise<void> {
  const { message } = await askGateway(({ client }) =>
    client.call(what === "pause" ? "platforms.pause" : "platforms.resume", { id }),
  );
  process.stdout.write(`${printable(message)}\n`);
}

/** Platforms as a table, and why those that are not up are not. */
export function showPlatforms({ rows }: PlatformList, { nowMs, width }: View): string {
  const columns: readonly Column<PlatformStatus>[] = [
    { title: "PLATFORM", cell: ({ id }) => id },
    { title: "STATE", cell: ({ state }) => state },
    { title: "SINCE", cell: ({ sinceMs }) => briefMoment(sinceMs, nowMs) },
    { title: "BOT", cell: ({ name = "" }) => name, least: 8 },
    { title: "IN", cell: ({ admission }) => counts(admission.taken, admission.refused, "refused"), from: 80 },
    { title: "OUT", cell: ({ delivery }) => counts(delivery.sent, delivery.failed, "failed"), from: 80 },
    { title: "NEXT", cell: (platform) => nextOf(platform, nowMs) },
    { title: "WHY", cell: whyOf, least: 12 },
  ];
  const table = renderTable(columns, rows, width);
  const isWhole = (row: PlatformStatus): boolean => table.includes(oneLine(whyOf(row)));
  // What the table has no room for is what somebody looks for.
  const cut = rows.filter((row) => !isWhole(row)).map((row) => `${row.id}: ${oneLine(whyOf(row))}\n`);
  return cut.length === 0 ? table : `${table}\n${cut.join("")}`;
}

/** When it is tried again: a person needs no more than how long that is. */
function nextOf({ retryAtMs, breaker, state }: PlatformStatus, nowMs: number): string {
  const atMs = retryAtMs ?? breaker?.probeAtMs;
  if (atMs !== undefined) return atMs > nowMs ? `in ${span(atMs - nowMs)}` : "now";
  return state === "tripped" ? "by hand" : "";
}

/** Why it is not up, or may not be, and what it was offered meanwhile. */
function whyOf({ reason, doubt, breaker, turnedAway }: PlatformStatus): string {
  return [
    breaker === undefined || breaker.failures === 0 ? undefined : `${breaker.failures} failed in a row`,
    reason,
    doubt,
    turnedAway === undefined ? undefined : `${turnedAway} turned away`,
  ]
    .filter((text) => text !== undefined)
    .join("; ");
}

function counts(good: number, bad: number, word: string): string {
  return bad === 0 ? String(good) : `${good}, ${bad} ${word}`;
}
