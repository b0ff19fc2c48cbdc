import type { Agent, AgentHost } from "@hermes/core";
import { aiAgent } from "./ai-agent.ts";
import type { AiConfiguration } from "./configuration.ts";
import { createToolSources } from "./tools/create-tool-sources.ts";
import { checkRoots } from "./tools/files/check-roots.ts";

/**
 * The agent with the tools that its configuration gives it.
 *
 * @throws TypeError for a configuration that cannot work, saying which key and why.
 */
export async function loadAiAgent(configuration: AiConfiguration, host: AgentHost): Promise<Agent> {
  const { tools = {} } = configuration;
  await checkRoots(tools.roots ?? [], host);
  return aiAgent(configuration, host, { sources: createToolSources(tools, host) });
}
