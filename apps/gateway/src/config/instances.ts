import type { PlatformManifest } from "@hermes/core";
import type { FindManifest } from "../platforms/find-manifest.ts";
import { environmentPrefixes } from "../official-platforms.ts";
import { mergeSettings } from "./merge.ts";
import { platformKey } from "./platform-settings.ts";
import type { Problem } from "./problem.ts";
import { KeyReader } from "./read-key.ts";
import type { Sources } from "./sources.ts";
import type { Binding } from "./variables.ts";

/** A platform somebody configured, before its section is checked. */
export type Instance =
  | { readonly state: "found"; readonly id: string; readonly manifest: PlatformManifest }
  | { readonly state: "disabled"; readonly id: string }
  | { readonly state: "broken"; readonly id: string; readonly problem: Problem };

/** Names that the gateway needs for itself: places of session keys. */
const reservedNames: ReadonlySet<string> = new Set(["background", "cron"]);
/** The gateway's own door is always there: its section says how, not whether another platform takes its place. */
const ownDoor = "web";

/** Every platform that the files name, and those that the environment alone gives credentials for. */
export async function findInstances(
  sources: Sources,
  findManifest: FindManifest,
  officialKinds: readonly string[],
): Promise<readonly Instance[]> {
  const merged = mergeSettings(sources.files);
  const named = await Promise.all(merged.names(["platforms"]).map((id) => findNamed(id, new KeyReader(merged), findManifest)));
  const others = officialKinds.filter(
    (kind) => kind !== ownDoor && !merged.has(["platforms", kind]) && sources.variables.hasPrefix(prefixOf(kind)),
  );
  const used = new Set(sources.files.flat().flatMap(({ variables }) => variables ?? []));
  const byEnvironment = await Promise.all(
    others.map(async (kind): Promise<Instance | undefined> => {
      const manifest = await findManifest(kind);
      if (!("fault" in manifest)) {
        return hasCredential(manifest, sources, used) ? { state: "found", id: manifest.kind, manifest } : undefined;
      }
      // Whoever sets a token means the platform: in silence nobody would learn that its package is missing.
      if (!sources.variables.hasSecret(prefixOf(kind))) return undefined;
      const { fault: message, remedy } = manifest;
      return { state: "broken", id: kind, problem: { key: `platforms.${kind}`, message, remedy } };
    }),
  );
  return [...named, ...byEnvironment.filter((instance) => instance !== undefined)];
}

async function findNamed(id: string, keys: KeyReader, findManifest: FindManifest): Promise<Instance> {
  const key = `platforms.${id}`;
  if (!/^[a-z][a-z0-9-]{0,31}$/u.test(id) || reservedNames.has(id)) {
    const message = reservedNames.has(id) ? "this name is the gateway's own" : "a platform's name is short, in lower case";
    const remedy = "Name it otherwise, such as `my-bot`, and say its kind with `use`.";
    return { state: "broken", id, problem: { key, message, remedy } };
  }
  const enabled = keys.flag(["platforms", id, "enabled"], platformKey("enabled"));
  if (enabled?.value === false && id !== ownDoor) return { state: "disabled", id };
  const use = keys.text(["platforms", id, "use"], platformKey("use"));
  const [problem] = keys.problems;
  if (problem !== undefined) return { state: "broken", id, problem };
  if (enabled?.value === false) {
    const message = "the gateway's own door is always open to who has a credential";
    return { state: "broken", id, problem: { key: `${key}.enabled`, message, remedy: "Remove this line." } };
  }
  if ((id === ownDoor) !== ((use?.value ?? id) === ownDoor)) {
    const [message, remedy] =
      id === ownDoor
        ? ["this name is the gateway's own door", "Name the platform otherwise, such as `my-bot`."]
        : [
            "the gateway has one door of this kind, and opens it by itself",
            "Remove this section; `platforms.web` bounds the door.",
          ];
    return { state: "broken", id, problem: { key: `${key}.use`, message, remedy } };
  }
  const manifest = await findManifest(use?.value ?? id);
  if (!("fault" in manifest)) return { state: "found", id, manifest };
  const source = use === undefined ? {} : { source: use.source };
  return {
    state: "broken",
    id,
    problem: { key: use === undefined ? key : `${key}.use`, message: manifest.fault, remedy: manifest.remedy, ...source },
  };
}

/** A variable that another section already takes in by `${NAME}` does not make a second bot of the same credentials. */
function hasCredential(manifest: PlatformManifest, sources: Sources, used: ReadonlySet<string>): boolean {
  return manifest.environment.some(
    ({ name, key }) => manifest.secrets.includes(key) && !used.has(name) && sources.variables.get(name) !== undefined,
  );
}

/** The variables of an instance: only the one that is named like its kind has any. */
export function bindingsOf(instance: Instance): readonly Binding[] {
  if (instance.state !== "found" || instance.id !== instance.manifest.kind) return [];
  return platformBindings(instance.id, instance.manifest);
}

/** The variables that a platform of this kind has, its own and those of every platform. */
export function platformBindings(
  kind: string,
  manifest: Pick<PlatformManifest, "environment" | "parseRoleId">,
): readonly Binding[] {
  const root = ["platforms", kind];
  const prefix = prefixOf(kind);
  return [
    ...manifest.environment.map(({ name, key, as }) => ({ name, path: [...root, ...key.split(".")], as: as ?? "text" })),
    { name: `${prefix}ALLOWED_USERS`, path: [...root, "access", "allow"], as: "list" },
    ...(manifest.parseRoleId === undefined
      ? []
      : [{ name: `${prefix}ALLOWED_ROLES`, path: [...root, "access", "allowRoles"], as: "list" } as const]),
    { name: `${prefix}ALLOW_ALL_USERS`, path: [...root, "access", "allowAll"], as: "flag" },
    { name: `${prefix}HOME_CHANNEL`, path: [...root, "homeChannel"], as: "text" },
  ];
}

function prefixOf(kind: string): string {
  return environmentPrefixes[kind] ?? `${kind.toUpperCase().replaceAll("-", "_")}_`;
}
