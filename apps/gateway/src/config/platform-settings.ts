import type { PlatformManifest } from "@hermes/core";
import { parseBusyMode, type BusyMode } from "@hermes/runtime";
import { parsePlatformAllowList, parseRoleList } from "./allow-list.ts";
import { toolProgress, type DisplaySettings } from "./gateway-settings.ts";
import type { KeyFact } from "./keys.ts";
import type { Merged } from "./merge.ts";
import { platformKeys } from "./platform-keys.ts";
import type { Problem } from "./problem.ts";
import { KeyReader, sectionProblem, type KeyValue } from "./read-key.ts";
import { keyOf } from "./setting.ts";

/** What every platform's section may say; it is the gateway's, not the platform's. */
export interface PlatformSettings {
  /** Stable user ids. */
  readonly allow: readonly string[];
  /** Stable ids of roles. */
  readonly allowRoles: readonly string[];
  readonly allowAll: boolean;
  /** Stable user ids. */
  readonly admins: readonly string[];
  /** As the platform writes its chats. */
  readonly homeChannel?: string;
  /** Also in threads only who names the bot is answered. */
  readonly threadsRequireMention: boolean;
  /** Messages are marked by reactions while they are answered. */
  readonly statusMarks: boolean;
  /** Its home channel is told of restarts. */
  readonly restartNotice: boolean;
  /** Absent: as long as the others. */
  readonly connectTimeoutMs?: number;
  readonly busyMode?: BusyMode;
  readonly display: Partial<DisplaySettings>;
  /** Absent: what suits the platform. */
  readonly burstWindowMs?: number;
  readonly burstSplitWindowMs?: number;
}

type PlatformKey = (typeof platformKeys)[number]["key"];

/** Keys of a section that are the gateway's, not the platform's. */
export const reservedKeys: ReadonlySet<string> = new Set(platformKeys.map(({ key }) => key.split(".")[0] ?? key));

/** The facts of a key that each platform's section has. */
export function platformKey(key: PlatformKey): KeyFact {
  const found = platformKeys.find((fact) => fact.key === key);
  if (found === undefined) throw new TypeError(`There is no key ${key}`);
  return found;
}

/** Reads those keys of one section. */
export function readPlatformSettings(
  id: string,
  manifest: PlatformManifest,
  merged: Merged,
): { readonly settings: PlatformSettings; readonly problems: readonly Problem[] } {
  const root = ["platforms", id];
  const keys = new KeyReader(merged);
  const at = (key: PlatformKey): readonly [readonly string[], KeyFact] => [[...root, ...key.split(".")], platformKey(key)];
  const ids = (key: "access.allow" | "access.admins" | "access.allowRoles", parse: typeof parsePlatformAllowList) => {
    const list = keys.list(...at(key));
    const place = { key: keyOf([...root, ...key.split(".")]), source: list?.source ?? { kind: "default" as const } };
    return parse(list?.value ?? [], manifest, place);
  };
  const allow = ids("access.allow", parsePlatformAllowList);
  const admins = ids("access.admins", parsePlatformAllowList);
  const roles = ids("access.allowRoles", parseRoleList);
  const home = keys.id(...at("homeChannel"));
  const connectSeconds = keys.count(...at("supervision.connectTimeoutSeconds"))?.value;
  const [busyPath, busyFact] = at("busy.mode");
  const busyMode = busyFact.type === "choice" ? parseBusyMode(keys.choice(busyPath, busyFact)?.value ?? "") : undefined;
  const [shownPath, shownFact] = at("display.toolProgress");
  const shown = shownFact.type === "choice" ? keys.choice(shownPath, shownFact)?.value : undefined;
  const cleanUpProgress = keys.flag(...at("display.cleanUpProgress"))?.value;
  const windowMs = keys.count(...at("burst.windowMs"))?.value;
  const splitWindowMs = keys.count(...at("burst.splitWindowMs"))?.value;
  const settings: PlatformSettings = {
    allow: allow.allow,
    allowRoles: roles.allow,
    allowAll: keys.flag(...at("access.allowAll"))?.value ?? false,
    admins: admins.allow,
    threadsRequireMention: keys.flag(...at("threadsRequireMention"))?.value ?? false,
    statusMarks: keys.flag(...at("statusMarks"))?.value ?? false,
    display: { ...toolProgress(shown), ...(cleanUpProgress === undefined ? {} : { cleanUpProgress }) },
    restartNotice: keys.flag(...at("restartNotice"))?.value ?? true,
    ...(home === undefined ? {} : { homeChannel: home.value }),
    ...(connectSeconds === undefined ? {} : { connectTimeoutMs: connectSeconds * 1000 }),
    ...(busyMode === undefined ? {} : { busyMode }),
    ...(windowMs === undefined ? {} : { burstWindowMs: windowMs }),
    ...(splitWindowMs === undefined ? {} : { burstSplitWindowMs: splitWindowMs }),
  };
  const sections = [root, ...["access", "supervision", "busy", "display", "burst"].map((name) => [...root, name])]
    .map((path) => sectionProblem(merged, path))
    .filter((problem) => problem !== undefined);
  const homeProblem = home === undefined ? undefined : problemOfHome(home, id, manifest);
  const problems = [...sections, ...keys.problems, ...allow.problems, ...roles.problems, ...admins.problems];
  return { settings, problems: homeProblem === undefined ? problems : [...problems, homeProblem] };
}

/** The problem of a home channel that is no chat as the platform writes it. A stranger's package may throw: then it is none. */
function problemOfHome({ value, source }: KeyValue<string>, id: string, manifest: PlatformManifest): Problem | undefined {
  try {
    if (manifest.parseTarget(value) !== undefined) return undefined;
  } catch {
    // Said below, like any other text that is no chat.
  }
  return {
    key: `platforms.${id}.homeChannel`,
    shown: JSON.stringify(value),
    source,
    message: `expected a chat of ${manifest.name}`,
    remedy: `Write what stands behind \`${id}:\` in a target, or send /sethome in the chat. See ${manifest.documentationUrl}.`,
  };
}
