import type { Json } from "@hermes/core";
import { agentReservedKeys, type AgentInstance } from "./agent-sections.ts";
import type { Instance } from "./instances.ts";
import { gatewayKeys } from "./keys.ts";
import { dottedKeys, knownKeys, respellKnown, type KnownKeys } from "./known-keys.ts";
import { platformKeys } from "./platform-keys.ts";
import { reservedKeys } from "./platform-settings.ts";
import type { Problem } from "./problem.ts";
import { keyOf, type Setting } from "./setting.ts";
import { isForeign } from "./spellings.ts";
import { didYouMean } from "./suggest.ts";

/** A file's settings without those nobody knows, each of which is warned of. */
export interface Sifted {
  readonly settings: readonly Setting[];
  readonly warnings: readonly Problem[];
}

/** Whose keys are known. */
export interface KnownSections {
  readonly instances: readonly Instance[];
  readonly agents: readonly AgentInstance[];
  /** JSON Schema of the section `media`; absent where nobody wrote one. */
  readonly media: Json | undefined;
  readonly officialKinds: readonly string[];
}

/** Leaves out what nobody would read, and gives the keys of platforms the spelling of their schema. */
export function siftSettings(settings: readonly Setting[], { instances, agents, media, officialKinds }: KnownSections): Sifted {
  const known = new Map(
    instances.flatMap((instance) =>
      instance.state === "found" ? [[instance.id, knownKeys(instance.manifest.configurationJsonSchema)] as const] : [],
    ),
  );
  const ofAgents = new Map(
    agents.flatMap((agent) =>
      agent.state === "found" ? [[agent.name, knownKeys(agent.manifest.configurationJsonSchema)] as const] : [],
    ),
  );
  const ofMedia = media === undefined ? undefined : knownKeys(media);
  const pathOf = (path: readonly string[]): readonly string[] | undefined => {
    if (path[0] === "agents") return agentPath(path, agents, ofAgents);
    if (path[0] === "media" && ofMedia !== undefined) return mediaPath(path, ofMedia);
    return knownPath(path, known);
  };
  const kept: Setting[] = [];
  const warnings: Problem[] = [];
  for (const setting of settings) {
    const path = pathOf(setting.path);
    if (path !== undefined) kept.push({ ...setting, path });
    // A section's own line is no key: what stands in it is warned of by itself.
    else if (setting.value !== undefined && !isForeign(setting.path)) warnings.push(unknown(setting, known, officialKinds));
  }
  return { settings: kept, warnings };
}

const ours: readonly (readonly string[])[] = gatewayKeys.map(({ key }) => key.split("."));
const ofPlatforms: readonly (readonly string[])[] = platformKeys.map(({ key }) => key.split("."));

function knownPath(path: readonly string[], known: ReadonlyMap<string, KnownKeys>): readonly string[] | undefined {
  if (path[0] !== "platforms") return ours.some((key) => liesOn(key, path)) ? path : undefined;
  const [, id, ...inside] = path;
  if (id === undefined || inside.length === 0) return path;
  if (reservedKeys.has(inside[0] ?? "")) return ofPlatforms.some((key) => liesOn(key, inside)) ? path : undefined;
  const keys = known.get(id);
  const respelled = keys === undefined ? inside : respellKnown(inside, keys);
  return respelled === undefined ? undefined : ["platforms", id, ...respelled];
}

/** An agent's section is its package's, but for a few keys; of one that cannot be found nothing is known. */
function agentPath(
  path: readonly string[],
  agents: readonly AgentInstance[],
  known: ReadonlyMap<string, KnownKeys>,
): readonly string[] | undefined {
  const [, name, ...inside] = path;
  if (name === undefined || inside.length === 0) return path;
  if (agentReservedKeys.has(inside[0] ?? "")) return path;
  const state = agents.find((agent) => agent.name === name)?.state;
  if (state === "echo") return undefined;
  const keys = known.get(name);
  const respelled = keys === undefined ? inside : respellKnown(inside, keys);
  return respelled === undefined ? undefined : ["agents", name, ...respelled];
}

function mediaPath([section = "", ...inside]: readonly string[], known: KnownKeys): readonly string[] | undefined {
  const respelled = respellKnown(inside, known);
  return respelled === undefined ? undefined : [section, ...respelled];
}

/** The key itself, a section on the way to it, or something written under it: the key's reader says what is wrong with the latter. */
function liesOn(key: readonly string[], path: readonly string[]): boolean {
  return path.every((part, index) => index >= key.length || part === key[index]);
}

function unknown({ path, source }: Setting, known: ReadonlyMap<string, KnownKeys>, officialKinds: readonly string[]): Problem {
  const key = keyOf(path);
  const message = "this key means nothing here and is left out";
  if (officialKinds.includes(path[0] ?? ""))
    return { key, source, message, remedy: `Put it under \`platforms\`: \`platforms.${key}\`.` };
  const id = path[0] === "platforms" ? path[1] : undefined;
  const keys = id === undefined ? undefined : known.get(id);
  const candidates =
    id === undefined
      ? gatewayKeys.map((fact) => fact.key)
      : [...platformKeys.map((fact) => fact.key), ...(keys === undefined ? [] : dottedKeys(keys))].map(
          (name) => `platforms.${id}.${name}`,
        );
  const meant =
    didYouMean(key, candidates) ||
    didYouMean(
      path.at(-1) ?? "",
      candidates.map((name) => name.split(".").at(-1) ?? ""),
    );
  return {
    key,
    source,
    message,
    remedy: meant === "" ? "Remove it." : meant.trim(),
  };
}
