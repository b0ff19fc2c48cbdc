import type { AgentManifest } from "@hermes/core";

/**
 * The agents that the gateway knows by name, beside `echo`, which is its own. Their packages, `@hermes/agent-<kind>`, are used where they
 * are installed, beside the gateway or in the home.
 */
export const officialAgents: Readonly<Record<string, () => Promise<AgentManifest>>> = {
  acp: async () => (await import("@hermes/agent-acp/manifest")).manifest,
  ai: async () => (await import("@hermes/agent-ai/manifest")).manifest,
};
