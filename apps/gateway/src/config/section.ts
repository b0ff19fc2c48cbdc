import type { ConfigurationIssue, Json } from "@hermes/core";
import type { Merged, Winner } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { showSetting } from "./read-key.ts";
import { keyOf } from "./setting.ts";

/** What the facts of a section say about its keys. */
export interface SectionFacts {
  readonly secrets: readonly string[];
  readonly documentationUrl: string;
  readonly setup?: readonly { readonly key: string; readonly help?: string }[];
  readonly environment?: readonly { readonly key: string; readonly name: string }[];
}

/** A section that a package's own schema has looked at. */
export interface CheckedSection {
  /** `["platforms", "telegram"]`, `["media"]`. */
  readonly root: readonly string[];
  readonly manifest: SectionFacts;
  readonly merged: Merged;
  readonly winners: readonly Winner[];
}

/** A section as the nested object that its schema expects. `root`: where it stands. */
export function nest(winners: readonly Winner[], { length }: readonly string[]): Json {
  const root: { [key: string]: Json } = {};
  for (const { setting } of winners) {
    if (setting.value === undefined) continue;
    let at = root;
    for (const part of setting.path.slice(length, -1)) {
      const below = at[part];
      // Two settings of one merge never lie on one way, so whatever stands here was put here as an object.
      at = below === undefined ? (at[part] = {}) : (below as { [key: string]: Json });
    }
    at[setting.path.at(-1) ?? ""] = setting.value;
  }
  return root;
}

/** The problem that a package's schema found in a section, without the section's secrets. */
export function describeIssue(issue: ConfigurationIssue, { root, manifest, merged, winners }: CheckedSection): Problem {
  const inside = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  const path = [...root, ...inside];
  const setting = longestMatch(path, root.length, merged);
  const key = inside.join(".");
  const help = manifest.setup?.find((question) => question.key === key)?.help;
  const variable = manifest.environment?.find((name) => name.key === key)?.name;
  const remedies = [
    ...(help === undefined ? [] : [help]),
    ...(setting === undefined && variable !== undefined ? [`Set it here or as ${variable}.`] : []),
    `See ${manifest.documentationUrl}.`,
  ];
  return {
    key: keyOf(path),
    ...(setting === undefined ? {} : { shown: showSetting(setting, isSecretKey(manifest.secrets, key)), source: setting.source }),
    message: withoutSecrets(lowerFirst(issue.message.replace(/\.\s*$/u, "")), { root, manifest, winners }),
    remedy: remedies.join(" "),
  };
}

/** An issue may lie inside a list: then the list's own setting is meant. */
function longestMatch(path: readonly string[], rootLength: number, merged: Merged): Winner["setting"] | undefined {
  for (let length = path.length; length > rootLength; length -= 1) {
    const winner = merged.get(path.slice(0, length));
    if (winner !== undefined) return winner.setting;
  }
  return undefined;
}

/** A schema's message may quote the value it refused. */
function withoutSecrets(
  message: string,
  { root, manifest, winners }: Pick<CheckedSection, "root" | "manifest" | "winners">,
): string {
  let hidden = message;
  for (const { setting } of winners) {
    const secret =
      isSecretKey(manifest.secrets, setting.path.slice(root.length).join(".")) || showSetting(setting, false) === "(hidden)";
    const text = typeof setting.value === "string" ? setting.value : "";
    if (secret && text !== "") hidden = hidden.replaceAll(text, "(hidden)");
  }
  return hidden;
}

function lowerFirst(text: string): string {
  return text.replace(/^[A-Z](?![A-Z])/u, (first) => first.toLowerCase());
}

/** Whether a dotted key is one of those that must never be shown; `*` in one stands for any one name. */
export function isSecretKey(secrets: readonly string[], key: string): boolean {
  const parts = key.split(".");
  return secrets.some((secret) => {
    const pattern = secret.split(".");
    return pattern.length === parts.length && pattern.every((part, index) => part === "*" || part === parts[index]);
  });
}
