import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Json, UnknownSends } from "@hermes/core";
import type { BacklogPolicy, Language } from "@hermes/runtime";
import { readBusySettings, type BusySettings } from "./busy-settings.ts";
import { gatewayKey, type GatewayKey, type KeyFact } from "./keys.ts";
import type { Merged } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { KeyReader, sectionProblem, type KeyValue } from "./read-key.ts";
import { readServerSettings, type ServerSettings } from "./server-settings.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where everything is kept, and how. */
export interface StoreSettings {
  /** The SQLite file, as a full path. */
  readonly path: string;
  /** What an answered write survives: `full` the machine losing power, `normal` the process ending in any way. */
  readonly synchronous: "full" | "normal";
  /** Events and answers, from when they are settled. */
  readonly keepBodiesMs: number;
  /** What was said; absent: for ever. */
  readonly keepHistoryMs?: number;
}

/** How platforms that fail are treated. */
export interface SupervisionSettings {
  readonly failures: number;
  readonly resume: "automatic" | "manual";
  readonly connectTimeoutMs: number;
}

/** How the gateway ends and starts again. */
export interface RestartSettings {
  readonly mode: "drain" | "interrupt";
  /** How long running turns may go on where they may end first. */
  readonly drainMs: number;
  /** `auto`: itself where somebody started it in a terminal, else whoever started it. */
  readonly by: "auto" | "itself" | "manager";
}

/** What is shown of agents' work in a chat. */
export interface DisplaySettings {
  /** Absent: what suits the platform. */
  readonly toolProgress?: "off" | "new" | "all" | "verbose";
  readonly cleanUpProgress: boolean;
}

/** The gateway's own settings. */
export interface GatewaySettings {
  readonly server: ServerSettings;
  readonly store: StoreSettings;
  readonly outbox: { readonly unknown: UnknownSends; readonly images: "links" | "files" };
  readonly busy: BusySettings;
  readonly backlog: Required<BacklogPolicy>;
  readonly supervision: SupervisionSettings;
  /** As they are written. */
  readonly routes: KeyValue<readonly Json[]> | undefined;
  readonly approvals: { readonly approvers: KeyValue<readonly string[]>; readonly expiresAfterMs: number };
  readonly display: DisplaySettings;
  /** A turn whose agent is not heard for so long is ended; 0 = never. */
  readonly inactivityMs: number;
  readonly restart: RestartSettings;
  readonly access: {
    readonly allow: KeyValue<readonly string[]>;
    readonly allowAll: boolean;
    readonly admins: KeyValue<readonly string[]>;
  };
  readonly delivery: { readonly aliases: ReadonlyMap<string, KeyValue<string>> };
  readonly language: Language;
  readonly logLevel: LogLevel;
}

export interface ReadSettings {
  readonly settings: GatewaySettings;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const sections = [
  "server",
  "server.tls",
  "store",
  "outbox",
  "busy",
  "backlog",
  "supervision",
  "supervision.breaker",
  "agents",
  "agents.main",
  "approvals",
  "display",
  "restart",
  "access",
  "delivery",
  "delivery.aliases",
  "log",
  "platforms",
] as const;
const byDefault = { kind: "default" } as const;

/** Reads the gateway's own keys. Where something is wrong the setting holds a default and `problems` says so. */
export function readGatewaySettings(merged: Merged, home: string): ReadSettings {
  const keys = new KeyReader(merged);
  const at = (key: GatewayKey): readonly [readonly string[], KeyFact] => [key.split("."), gatewayKey(key)];
  const choice = (key: GatewayKey): string | undefined => {
    const [path, fact] = at(key);
    return fact.type === "choice" ? keys.choice(path, fact)?.value : undefined;
  };
  const server = readServerSettings(keys, home);
  const store = keys.text(...at("store.url"));
  const path = store === undefined ? undefined : storePath(store.value, home);
  const historyDays = keys.days(...at("store.keepHistoryDays"))?.value;
  const chats = keys.list(...at("busy.chats"));
  const busy = readBusySettings(choice("busy.mode"), keys.flag(...at("busy.acknowledge"))?.value ?? true, chats);
  const settings: GatewaySettings = {
    server: server.settings,
    store: {
      path: path ?? "",
      synchronous: choice("store.synchronous") === "normal" ? "normal" : "full",
      keepBodiesMs: (keys.days(...at("store.keepBodiesDays"))?.value ?? 30) * dayMs,
      ...(historyDays === undefined ? {} : { keepHistoryMs: historyDays * dayMs }),
    },
    outbox: {
      unknown: unknownSends(choice("outbox.unknown")),
      images: choice("outbox.images") === "files" ? "files" : "links",
    },
    busy: busy.settings,
    backlog: {
      maxAgeMs: (keys.count(...at("backlog.maxAgeHours"))?.value ?? 24) * hourMs,
      tellAfterMs: (keys.count(...at("backlog.tellAfterMinutes"))?.value ?? 10) * minuteMs,
    },
    supervision: {
      failures: keys.count(...at("supervision.breaker.failures"))?.value ?? 10,
      resume: choice("supervision.breaker.resume") === "manual" ? "manual" : "automatic",
      connectTimeoutMs: (keys.count(...at("supervision.connectTimeoutSeconds"))?.value ?? 30) * 1000,
    },
    routes: keys.sections(...at("routes")),
    approvals: {
      approvers: keys.list(...at("approvals.approvers")) ?? { value: [], source: byDefault },
      expiresAfterMs: (keys.count(...at("approvals.timeoutSeconds"))?.value ?? 300) * 1000,
    },
    display: {
      ...toolProgress(choice("display.toolProgress")),
      cleanUpProgress: keys.flag(...at("display.cleanUpProgress"))?.value ?? false,
    },
    inactivityMs: (keys.count(...at("agents.main.inactivitySeconds"))?.value ?? 1800) * 1000,
    restart: {
      mode: choice("restart.mode") === "interrupt" ? "interrupt" : "drain",
      drainMs: (keys.count(...at("restart.drainSeconds"))?.value ?? 20) * 1000,
      by: restartedBy(choice("restart.by")),
    },
    access: {
      allow: keys.list(...at("access.allow")) ?? { value: [], source: byDefault },
      allowAll: keys.flag(...at("access.allowAll"))?.value ?? false,
      admins: keys.list(...at("access.admins")) ?? { value: [], source: byDefault },
    },
    delivery: { aliases: keys.map(...at("delivery.aliases")) },
    language: choice("language") === "zh-CN" ? "zh-CN" : "en",
    logLevel: logLevel(choice("log.level")),
  };
  return {
    settings,
    problems: [
      ...sections.map((section) => sectionProblem(merged, section.split("."))).filter((problem) => problem !== undefined),
      ...keys.problems,
      ...server.problems,
      ...busy.problems,
      ...(store !== undefined && path === undefined ? [badStore(store)] : []),
    ],
    warnings: server.warnings,
  };
}

/** What is written of it, if it is one of what can be meant. */
export function toolProgress(chosen: string | undefined): Pick<DisplaySettings, "toolProgress"> {
  switch (chosen) {
    case "off":
    case "new":
    case "all":
    case "verbose":
      return { toolProgress: chosen };
    default:
      return {};
  }
}

function logLevel(name: string | undefined): LogLevel {
  return name === "debug" || name === "warn" || name === "error" ? name : "info";
}

function unknownSends(chosen: string | undefined): UnknownSends {
  return chosen === "leave" || chosen === "ask" ? chosen : "repeat-marked";
}

function restartedBy(chosen: string | undefined): RestartSettings["by"] {
  return chosen === "itself" || chosen === "manager" ? chosen : "auto";
}

/** undefined for what is not `sqlite:` and a path. */
function storePath(url: string, home: string): string | undefined {
  const path = /^sqlite:(?!:)(?:\/\/(?=\/))?(.+)$/u.exec(url)?.[1];
  if (path === undefined || path.includes("\0")) return undefined;
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(home, path);
}

function badStore({ value, source }: KeyValue<string>): Problem {
  // A database's address may carry a password: only its scheme is shown.
  const scheme = /^[a-z][a-z0-9+.-]*:/iu.exec(value)?.[0] ?? "";
  return {
    key: "store.url",
    shown: JSON.stringify(scheme === "" ? "(no scheme)" : `${scheme}…`),
    source,
    message: "expected `sqlite:` and a path",
    remedy: "Write `sqlite:gateway/hermes.db`, which lies in the home, or `sqlite:/a/full/path.db`.",
  };
}
