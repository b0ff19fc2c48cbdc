import type { ConfigurationIssue, Json, PlatformManifest } from "@hermes/core";
import type { Merged, Winner } from "./merge.ts";
import { readPlatformSettings, reservedKeys, type PlatformSettings } from "./platform-settings.ts";
import type { Problem } from "./problem.ts";
import { missingVariable, showSetting } from "./read-key.ts";
import { keyOf } from "./setting.ts";

/** A platform that can be loaded. */
export interface UsablePlatform extends PlatformSettings {
  readonly state: "usable";
  readonly id: string;
  readonly manifest: PlatformManifest;
  /** What the manifest's own schema made of the section. */
  readonly configuration: unknown;
}

/** What became of one platform's section: a bad one takes nobody else down. */
export type PlatformOutcome =
  | UsablePlatform
  | { readonly state: "disabled"; readonly id: string }
  | { readonly state: "broken"; readonly id: string; readonly problems: readonly Problem[] };

/** Checks one platform's section by itself, with its own manifest's schema. Whatever goes wrong in that concerns this platform alone. */
export async function checkPlatform(id: string, manifest: PlatformManifest, merged: Merged): Promise<PlatformOutcome> {
  try {
    return await check(id, manifest, merged);
  } catch (error) {
    // Its message might quote a secret of the section.
    const name = error instanceof Error ? error.name : typeof error;
    const problem = {
      key: `platforms.${id}`,
      message: `its package's own check failed with ${name}`,
      remedy: "Ask the package's author.",
    };
    return { state: "broken", id, problems: [problem] };
  }
}

async function check(id: string, manifest: PlatformManifest, merged: Merged): Promise<PlatformOutcome> {
  const root = ["platforms", id];
  const read = readPlatformSettings(id, manifest, merged);
  const winners = merged.under(root).filter(({ setting }) => !reservedKeys.has(setting.path[2] ?? ""));
  const missing = winners.map(({ setting }) => missingVariable(setting)).filter((problem) => problem !== undefined);
  const problems = [...read.problems, ...missing];
  if (problems.length > 0) return { state: "broken", id, problems };
  const result = await manifest.configuration["~standard"].validate(nest(winners));
  if (result.issues !== undefined) {
    return { state: "broken", id, problems: result.issues.map((issue) => describeIssue(issue, root, manifest, merged, winners)) };
  }
  return { state: "usable", id, manifest, configuration: result.value, ...read.settings };
}

/** A section as the nested object that its schema expects. */
function nest(winners: readonly Winner[]): Json {
  const root: { [key: string]: Json } = {};
  for (const { setting } of winners) {
    if (setting.value === undefined) continue;
    let at = root;
    for (const part of setting.path.slice(2, -1)) {
      const below = at[part];
      // Two settings of one merge never lie on one way, so whatever stands here was put here as an object.
      at = below === undefined ? (at[part] = {}) : (below as { [key: string]: Json });
    }
    at[setting.path.at(-1) ?? ""] = setting.value;
  }
  return root;
}

function describeIssue(
  issue: ConfigurationIssue,
  root: readonly string[],
  manifest: PlatformManifest,
  merged: Merged,
  winners: readonly Winner[],
): Problem {
  const inside = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  const path = [...root, ...inside];
  const setting = longestMatch(path, merged);
  const key = inside.join(".");
  const help = manifest.setup.find((question) => question.key === key)?.help;
  const variable = manifest.environment.find((name) => name.key === key)?.name;
  const remedies = [
    ...(help === undefined ? [] : [help]),
    ...(setting === undefined && variable !== undefined ? [`Set it here or as ${variable}.`] : []),
    `See ${manifest.documentationUrl}.`,
  ];
  return {
    key: keyOf(path),
    ...(setting === undefined ? {} : { shown: showSetting(setting, manifest.secrets.includes(key)), source: setting.source }),
    message: withoutSecrets(lowerFirst(issue.message.replace(/\.\s*$/u, "")), manifest, winners),
    remedy: remedies.join(" "),
  };
}

/** An issue may lie inside a list: then the list's own setting is meant. */
function longestMatch(path: readonly string[], merged: Merged): Winner["setting"] | undefined {
  for (let length = path.length; length > 2; length -= 1) {
    const winner = merged.get(path.slice(0, length));
    if (winner !== undefined) return winner.setting;
  }
  return undefined;
}

/** A schema's message may quote the value it refused. */
function withoutSecrets(message: string, manifest: PlatformManifest, winners: readonly Winner[]): string {
  let hidden = message;
  for (const { setting } of winners) {
    const secret = manifest.secrets.includes(setting.path.slice(2).join(".")) || showSetting(setting, false) === "(hidden)";
    const text = typeof setting.value === "string" ? setting.value : "";
    if (secret && text !== "") hidden = hidden.replaceAll(text, "(hidden)");
  }
  return hidden;
}

function lowerFirst(text: string): string {
  return text.replace(/^[A-Z](?![A-Z])/u, (first) => first.toLowerCase());
}
