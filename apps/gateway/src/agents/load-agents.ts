import { join } from "node:path";
import { toAgent, type Agent, type AgentFunction } from "@hermes/core";
import type { MediaConfiguration } from "@hermes/media";
import { echoKind, type AgentSection } from "../config/agent-sections.ts";
import type { Configuration } from "../config/configuration.ts";
import { GatewayError } from "../config/problem.ts";
import { createAgentHost, type AgentHostParts } from "./agent-host.ts";
import { echo } from "./echo.ts";

/** The agents of a configuration: the one that answers where no route says otherwise, and the others. */
export interface LoadedAgents {
  readonly agent: Agent | AgentFunction;
  readonly agents: Readonly<Record<string, Agent | AgentFunction>>;
}

/** One package must not hold up the start for longer. */
const maxLoadMs = 10_000;

/**
 * Loads every agent that is configured, with what reads for it what people send; none of them starts anything before it is asked.
 *
 * @throws GatewayError naming the one that cannot be loaded: without it nobody would be answered.
 */
export async function loadAgents(
  { agents: sections, media }: Pick<Configuration, "agents" | "media">,
  parts: AgentHostParts,
): Promise<LoadedAgents> {
  const reading = await readingFor(sections, media, parts);
  const loaded = await Promise.all(
    sections.map(async (section) => [section.name, reading(section, await load(section, parts))] as const),
  );
  const { main = echo, ...agents } = Object.fromEntries(loaded);
  return { agent: main, agents };
}

type Reading = (section: AgentSection, agent: Agent | AgentFunction) => Agent | AgentFunction;

/** What becomes of each agent so that it can read what people send. `echo` reads only where something is configured for it. */
async function readingFor(
  sections: readonly AgentSection[],
  media: MediaConfiguration,
  { home, logger, clock, conceal }: AgentHostParts,
): Promise<Reading> {
  const isConfigured = Object.keys(media).length > 0;
  if (!isConfigured && sections.every(({ manifest }) => manifest === undefined)) return (_section, agent) => agent;
  const { readMedia } = await import("@hermes/media");
  const host = { logger, clock, conceal, folder: join(home, "gateway", "media") };
  return ({ manifest }, agent) => (isConfigured || manifest !== undefined ? readMedia(toAgent(agent), media, host) : agent);
}

/** What people call the agent that answers them. */
export function agentLabel({ agents }: Pick<Configuration, "agents">): string {
  return agents.find(({ name }) => name === "main")?.manifest?.kind ?? echoKind;
}

async function load({ name, manifest, configuration }: AgentSection, parts: AgentHostParts): Promise<Agent | AgentFunction> {
  if (manifest === undefined) return echo;
  const tooLong = Promise.withResolvers<never>();
  const cancel = parts.clock.wakeAt(parts.clock.now() + maxLoadMs, () =>
    tooLong.reject(new Error(`it took longer than ${maxLoadMs / 1000} s`)),
  );
  try {
    return await Promise.race([manifest.load(configuration, createAgentHost(name, parts)), tooLong.promise]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GatewayError(`The agent \`${name}\` could not be loaded: ${reason} (agents.${name})`, {
      exitCode: 78,
      cause: error,
    });
  } finally {
    cancel();
  }
}
