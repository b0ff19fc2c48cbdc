import type { GatewayInfo, HomeChannel, MaintenanceTask } from "@hermes/protocol";
import { briefMoment, span } from "../ledger/moments.ts";
import { renderFacts, renderTable, type Column } from "../ledger/table.ts";
import { oneLine } from "../ledger/text-width.ts";
import type { View } from "../ledger/view.ts";
import type { ToldStatus } from "./gateway-state.ts";
import { showPlatforms } from "./run-platforms.ts";

/** A gateway as it is now, for people. */
export function showGatewayStatus({ info, platforms, url }: ToldStatus, view: View): string {
  const { homeChannels = [], maintenance = [], phase = "running" } = info;
  const life = `Hermes Gateway ${oneLine(info.version)} is ${phase}, up ${span(view.nowMs - info.startedAtMs)}`;
  const process = info.pid === undefined ? "" : ` (pid ${info.pid})`;
  return [
    `${life}${process}\n\n${renderFacts(factsOf(info, url), view.width)}`,
    showPlatforms({ rows: platforms }, view),
    ...(homeChannels.length === 0 ? [] : [showHomes(homeChannels, view)]),
    ...(maintenance.length === 0 ? [] : [showTasks(maintenance, view)]),
  ].join("\n");
}

function factsOf(info: GatewayInfo, url: string): readonly (readonly [string, string | undefined])[] {
  const { ready, reasons, store, runningTurns, busyConversations, pressure, brokenPlatforms = [], disabledPlatforms = [] } = info;
  const waiting = Math.max(0, busyConversations - runningTurns);
  return [
    ["Ready", ready ? "yes" : `no: ${reasons.join("; ")}`],
    ["Address", url],
    ["Home", info.home],
    ["Agent", info.agent],
    ["Turns", `${runningTurns} running, ${waiting} ${waiting === 1 ? "conversation" : "conversations"} waiting`],
    ["Sockets", String(info.connections)],
    [
      "Store",
      store && `${store.path}, ${size(store.sizeBytes)}${store.writable ? "" : `, takes no writes: ${store.refusal ?? ""}`}`,
    ],
    ["Memory", `${size(info.residentBytes)}${pressure === undefined ? "" : `, nothing new is taken: ${pressure}`}`],
    ["Home channels", info.homeChannels?.length === 0 ? "none; /sethome in a chat makes it one" : undefined],
    ["Not usable", brokenPlatforms.length === 0 ? undefined : `${brokenPlatforms.join(", ")}; the log says why`],
    ["Switched off", disabledPlatforms.length === 0 ? undefined : disabledPlatforms.join(", ")],
  ];
}

function showHomes(homes: readonly HomeChannel[], { width }: View): string {
  const columns: readonly Column<HomeChannel>[] = [
    { title: "HOME OF", cell: ({ platform }) => platform },
    { title: "TARGET", cell: ({ target, chat }) => target ?? chat.chatId },
    { title: "NAME", cell: ({ chat }) => chat.name ?? "", least: 12 },
    { title: "CHOSEN BY", cell: ({ by }) => (by === "chat" ? "/sethome" : "configuration") },
  ];
  return renderTable(columns, homes, width);
}

function showTasks(tasks: readonly MaintenanceTask[], { nowMs, width }: View): string {
  const columns: readonly Column<MaintenanceTask>[] = [
    { title: "TASK", cell: ({ name }) => name },
    { title: "EVERY", cell: ({ everyMs }) => span(everyMs) },
    { title: "LAST", cell: (task) => (task.startedAtMs === undefined ? "" : briefMoment(task.startedAtMs, nowMs)) },
    { title: "TOOK", cell: ({ durationMs }) => (durationMs === undefined ? "" : span(durationMs)), from: 80 },
    { title: "NEXT", cell: (task) => nextOf(task, nowMs) },
    { title: "RESULT", cell: resultOf, least: 12 },
  ];
  return renderTable(columns, tasks, width);
}

function nextOf({ isRunning, nextAtMs }: MaintenanceTask, nowMs: number): string {
  if (isRunning) return "running";
  return nextAtMs === undefined ? "" : `in ${span(nextAtMs - nowMs)}`;
}

function resultOf({ ok, result }: MaintenanceTask): string {
  if (ok === undefined) return "";
  if (ok) return result ?? "done";
  return `failed: ${result ?? ""}`;
}

const units = ["B", "kB", "MB", "GB"] as const;

/** `131 MB`. */
function size(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const amount = bytes / 1000 ** step;
  return `${step === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[step] ?? "B"}`;
}
