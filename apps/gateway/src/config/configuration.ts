import type { MediaConfiguration } from "@hermes/media";
import type { AgentRoute } from "@hermes/runtime";
import type { FindAgent, FindManifest } from "../platforms/find-manifest.ts";
import { checkAgents, findAgents, type AgentInstance, type AgentSection } from "./agent-sections.ts";
import { parseGlobalAllowList } from "./allow-list.ts";
import type { Environment } from "./environment.ts";
import { bindingsOf, findInstances, type Instance } from "./instances.ts";
import { gatewayKeys, soundsSecret, type KeyFact } from "./keys.ts";
import { mediaFactsFor, readMediaSection, type MediaFacts } from "./media-section.ts";
import { mergeSettings, type Merged } from "./merge.ts";
import { checkPlatform, type PlatformOutcome, type UsablePlatform } from "./platform-section.ts";
import { configurationError, type Problem } from "./problem.ts";
import { readGatewaySettings, type GatewaySettings } from "./gateway-settings.ts";
import { missingVariable } from "./read-key.ts";
import type { Setting } from "./setting.ts";
import { readSources, type Sources } from "./sources.ts";
import { readRoutes } from "./routes.ts";
import { isSecretKey } from "./section.ts";
import { siftSettings } from "./unknown-keys.ts";
import type { Binding } from "./variables.ts";

/** Its conversations are those of the page and the terminal, which belong to `main`. */
const ownDoorId = "web";

/** All that is configured, checked. */
export interface Configuration {
  readonly home: string;
  readonly settings: GatewaySettings;
  readonly platforms: readonly PlatformOutcome[];
  readonly agents: readonly AgentSection[];
  readonly routes: readonly AgentRoute[];
  /** How what people send is read. */
  readonly media: MediaConfiguration;
  /** Who may approve what is dangerous; empty: whoever asked for it. */
  readonly approvers: readonly string[];
  /** `instance:user id`, from the gateway's own list and the platforms'. */
  readonly allow: readonly string[];
  /** `instance:role id`. */
  readonly allowRoles: readonly string[];
  /** Who may look after the gateway, written alike. */
  readonly admins: readonly string[];
  readonly warnings: readonly Problem[];
  readonly merged: Merged;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
  /** Dotted keys whose values must never be shown. */
  readonly secretKeys: ReadonlySet<string>;
}

export interface ConfigurationInput {
  readonly environment: Environment;
  /** Given the home, because third parties' packages are looked for there. */
  readonly findManifest: (home: string) => FindManifest;
  /** Default: none is known but `echo`. */
  readonly findAgent?: (home: string) => FindAgent;
  /** Kinds that come with the gateway. */
  readonly officialKinds: readonly string[];
}

/**
 * Reads and checks everything that is configured. A platform whose section is wrong is `broken` and nothing more.
 *
 * @throws GatewayError when anything else is wrong.
 */
export async function loadConfiguration(input: ConfigurationInput): Promise<Configuration> {
  const layered = await layerConfiguration(input);
  const { sources, instances, agentInstances, merged } = layered;
  const read = readGatewaySettings(merged, sources.home);
  const platforms = await Promise.all(instances.map((instance) => outcomeOf(instance, merged)));
  const usable = platforms.filter((platform): platform is UsablePlatform => platform.state === "usable");
  const ids = instances.map(({ id }) => id);
  const { allow, admins } = read.settings.access;
  const listed = parseGlobalAllowList(allow.value, usable, ids, { key: "access.allow", source: allow.source });
  const named = parseGlobalAllowList(admins.value, usable, ids, { key: "access.admins", source: admins.source });
  const { approvers } = read.settings.approvals;
  const approving = parseGlobalAllowList(approvers.value, usable, ids, { key: "approvals.approvers", source: approvers.source });
  const aliases = await aliasProblems(read.settings, ids);
  const checked = await checkAgents(agentInstances, merged);
  const media = await readMediaSection(merged, layered.mediaFacts);
  const names = agentInstances.map(({ name }) => name);
  const routed = readRoutes(
    read.settings.routes,
    names,
    ids.filter((id) => id !== ownDoorId),
  );
  const lists = [listed, named, approving, checked, routed, media].flatMap(({ problems }) => problems);
  const [first, ...rest] = [...read.problems, ...lists, ...aliases];
  if (first !== undefined) throw configurationError([first, ...rest]);
  const own = usable.flatMap((platform) => platform.allow.map((user) => `${platform.id}:${user}`));
  const roles = usable.flatMap((platform) => platform.allowRoles.map((role) => `${platform.id}:${role}`));
  const ownAdmins = usable.flatMap((platform) => platform.admins.map((user) => `${platform.id}:${user}`));
  return {
    home: sources.home,
    settings: read.settings,
    platforms,
    agents: checked.agents,
    routes: routed.routes,
    media: media.media,
    approvers: approving.allow,
    allow: [...new Set([...listed.allow, ...own])],
    allowRoles: [...new Set(roles)],
    admins: [...new Set([...named.allow, ...ownAdmins])],
    warnings: [...layered.warnings, ...read.warnings, ...listed.warnings, ...named.warnings, ...approving.warnings],
    merged,
    secrets: layered.secrets,
    secretKeys: layered.secretKeys,
  };
}

async function aliasProblems({ delivery: { aliases } }: GatewaySettings, ids: readonly string[]): Promise<readonly Problem[]> {
  if (aliases.size === 0) return [];
  // Only now: a command that calls nobody answers without the runtime.
  const { aliasFault } = await import("@hermes/runtime");
  const platforms = new Set(ids);
  return [...aliases].flatMap(([name, { value, source }]): Problem[] => {
    const remedy = aliasFault(name, value, platforms);
    const key = `delivery.aliases.${name}`;
    return remedy === undefined ? [] : [{ key, shown: JSON.stringify(value), source, message: "this is no alias", remedy }];
  });
}

/** What is configured, laid over each other but not yet checked: enough to explain where a value comes from. */
export interface LayeredConfiguration {
  readonly sources: Sources;
  readonly instances: readonly Instance[];
  readonly agentInstances: readonly AgentInstance[];
  /** Absent: nobody wrote such a section. */
  readonly mediaFacts: MediaFacts | undefined;
  readonly merged: Merged;
  readonly warnings: readonly Problem[];
  readonly secrets: readonly string[];
  readonly secretKeys: ReadonlySet<string>;
}

/** Reads everything that is configured without checking values. */
export async function layerConfiguration(input: ConfigurationInput): Promise<LayeredConfiguration> {
  const sources = await readSources(input.environment);
  const instances = await findInstances(sources, input.findManifest(sources.home), input.officialKinds);
  const bindings = [...gatewayBindings(), ...instances.flatMap(bindingsOf)];
  const agentInstances = await findAgents(mergeSettings(sources.files), input.findAgent?.(sources.home) ?? noAgent);
  const mediaFacts = await mediaFactsFor(sources.files.flat());
  const known = { instances, agents: agentInstances, media: mediaFacts?.jsonSchema, officialKinds: input.officialKinds };
  const sifted = sources.files.map((settings) => siftSettings(settings, known));
  const layers = [defaults(), ...sifted.map(({ settings }) => settings), ...sources.variables.layers(bindings)];
  const secretKeys = secretKeysOf(instances, agentInstances, mediaFacts, sources.files.flat());
  return {
    sources,
    instances,
    agentInstances,
    mediaFacts,
    merged: mergeSettings(layers),
    warnings: [...sources.warnings, ...sifted.flatMap(({ warnings }) => warnings)],
    // Values that lost are secrets as well.
    secrets: [...sources.files, ...layers].flat().flatMap((setting) => (isSecret(setting, secretKeys) ? textsOf(setting) : [])),
    secretKeys,
  };
}

async function outcomeOf(instance: Instance, merged: Merged): Promise<PlatformOutcome> {
  switch (instance.state) {
    case "disabled":
      return instance;
    case "broken": {
      const missing = merged.under(["platforms", instance.id]).map(({ setting }) => missingVariable(setting));
      return {
        state: "broken",
        id: instance.id,
        problems: [instance.problem, ...missing.filter((problem) => problem !== undefined)],
      };
    }
    case "found":
      return checkPlatform(instance.id, instance.manifest, merged);
  }
}

const facts: readonly KeyFact[] = gatewayKeys;

function gatewayBindings(): readonly Binding[] {
  return facts.flatMap(({ environment, key, type }): Binding[] =>
    environment === undefined
      ? []
      : [{ name: environment, path: key.split("."), as: type === "list" || type === "flag" ? type : "text" }],
  );
}

function defaults(): readonly Setting[] {
  return facts.flatMap(({ key, default: value }): Setting[] =>
    value === undefined ? [] : [{ path: key.split("."), value, source: { kind: "default" } }],
  );
}

const noAgent: FindAgent = async (use) => ({ fault: `there is no agent \`${use}\``, remedy: "Known: echo." });

function secretKeysOf(
  instances: readonly Instance[],
  agents: readonly AgentInstance[],
  media: MediaFacts | undefined,
  settings: readonly Setting[],
): ReadonlySet<string> {
  const ofMedia = media?.secrets.map((key) => `media.${key}`) ?? [];
  const ofAgents = agents.flatMap((agent) =>
    agent.state === "found" ? agent.manifest.secrets.map((key) => `agents.${agent.name}.${key}`) : [],
  );
  return new Set([
    ...facts.filter(({ secret }) => secret === true).map(({ key }) => key),
    ...instances.flatMap((instance) =>
      instance.state === "found" ? instance.manifest.secrets.map((key) => `platforms.${instance.id}.${key}`) : [],
    ),
    ...settings.map(({ path }) => path.join(".")).filter((key) => isSecretKey([...ofAgents, ...ofMedia], key)),
  ]);
}

function isSecret({ path }: Setting, secretKeys: ReadonlySet<string>): boolean {
  return secretKeys.has(path.join(".")) || soundsSecret(path);
}

function textsOf({ value }: Setting): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((text) => typeof text === "string" || typeof text === "number").map(String);
}
