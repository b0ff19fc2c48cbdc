import type { PlatformManifest } from "@hermes/core";
import type { Problem } from "./problem.ts";
import type { Source } from "./setting.ts";
import { didYouMean } from "./suggest.ts";

/** A platform whose ids an allow list may name. */
export interface AllowListPlatform {
  readonly id: string;
  readonly manifest: PlatformManifest;
}

export interface AllowList<Entry> {
  readonly allow: readonly Entry[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

interface Place {
  readonly key: string;
  readonly source: Source;
}

/** The stable ids in one platform's own allow list. */
export function parsePlatformAllowList(entries: readonly string[], manifest: PlatformManifest, place: Place): AllowList<string> {
  const allow: string[] = [];
  const problems: Problem[] = [];
  for (const entry of entries) {
    const id = userIdOf(entry, manifest);
    if (id !== undefined) allow.push(id);
    else problems.push(entry === "*" ? everybody(place) : notAnId(entry, place, [manifest]));
  }
  return { allow, problems, warnings: [] };
}

/** The stable ids in one platform's own list of roles that let in. */
export function parseRoleList(entries: readonly string[], manifest: PlatformManifest, place: Place): AllowList<string> {
  const allow: string[] = [];
  const problems: Problem[] = [];
  for (const entry of entries) {
    const id = idFrom(entry, (text) => manifest.parseRoleId?.(text));
    if (id !== undefined) allow.push(id);
    else problems.push(notARole(entry, place, manifest));
  }
  return { allow, problems, warnings: [] };
}

/**
 * The entries of the gateway's own allow list as `instance:id`: an id alone stands for every platform that has such ids.
 *
 * `platforms` are those in use; `configured` names those that are switched off or broken as well.
 */
export function parseGlobalAllowList(
  entries: readonly string[],
  platforms: readonly AllowListPlatform[],
  configured: readonly string[],
  place: Place,
): AllowList<string> {
  const allow: string[] = [];
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const entry of entries) {
    const named = /^(?<id>\*|[a-z][a-z0-9-]*):(?<user>.+)$/u.exec(entry)?.groups;
    const user = named?.["user"] ?? entry;
    const only = named === undefined || named["id"] === "*" ? undefined : named["id"];
    if (entry === "*" || user === "*") {
      problems.push(everybody(place));
      continue;
    }
    const meant = only === undefined ? platforms : platforms.filter(({ id }) => id === only);
    const ids = only !== undefined && !configured.includes(only) ? idsOn(platforms, entry) : idsOn(meant, user);
    allow.push(...ids);
    if (ids.length > 0) continue;
    if (only !== undefined && !configured.includes(only)) warnings.push(unknownPlatform(entry, only, configured, place));
    else if (meant.length > 0)
      problems.push(
        notAnId(
          user,
          place,
          meant.map(({ manifest }) => manifest),
        ),
      );
  }
  return { allow: [...new Set(allow)], problems, warnings };
}

function idsOn(platforms: readonly AllowListPlatform[], text: string): readonly string[] {
  return platforms.flatMap(({ id, manifest }) => {
    const user = userIdOf(text, manifest);
    return user === undefined ? [] : [`${id}:${user}`];
  });
}

function userIdOf(text: string, manifest: PlatformManifest): string | undefined {
  return idFrom(text, (written) => manifest.parseUserId(written));
}

/** The stable id that `text` stands for. A stranger's package may throw, or give back what would let everybody in: neither is an id. */
function idFrom(text: string, parse: (text: string) => unknown): string | undefined {
  if (text === "*") return undefined;
  try {
    const id = parse(text);
    return typeof id === "string" && id !== "" && id !== "*" ? id : undefined;
  } catch {
    return undefined;
  }
}

function everybody({ key, source }: Place): Problem {
  const remedy = key.endsWith("admins")
    ? "Name those who may look after the gateway by their user ids."
    : `To let everybody in, say so with \`${key}All: true\`; otherwise list user ids.`;
  return { key, shown: '"*"', source, message: "`*` is not a user id", remedy };
}

function notAnId(entry: string, { key, source }: Place, manifests: readonly PlatformManifest[]): Problem {
  const names = manifests.map(({ name }) => name).join(" or ");
  return {
    key,
    shown: JSON.stringify(entry),
    source,
    message: `expected a user id of ${names}`,
    remedy: `Names can be taken over by others, so only stable ids count: ${manifests.map((manifest) => manifest.documentationUrl).join(", ")} says how to find yours.`,
  };
}

function notARole(entry: string, { key, source }: Place, manifest: PlatformManifest): Problem {
  const { name, documentationUrl } = manifest;
  const has = manifest.parseRoleId !== undefined;
  return {
    key,
    shown: JSON.stringify(entry),
    source,
    message: has ? `expected a role id of ${name}` : `${name} has no roles that could let anybody in`,
    remedy: has
      ? `Names of roles can be given to others, so only stable ids count: ${documentationUrl} says how to find one.`
      : "Remove this line, and name people in `access.allow`.",
  };
}

function unknownPlatform(entry: string, platform: string, configured: readonly string[], { key, source }: Place): Problem {
  return {
    key,
    shown: JSON.stringify(entry),
    source,
    message: `there is no platform \`${platform}\` here, so this lets nobody in`,
    remedy: `Write \`<platform>:<user id>\`.${didYouMean(platform, configured)}`,
  };
}
