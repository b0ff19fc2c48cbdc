import type { AgentManifest, Json } from "@hermes/core";
import { z } from "zod";
import { configurationSchema, type AiConfiguration } from "./configuration.ts";

/** Facts about models as agents; reading them loads no provider. */
export const manifest: AgentManifest<AiConfiguration> = {
  apiVersion: 1,
  kind: "ai",
  name: "A model with tools",
  description: "A model of OpenAI, Anthropic, Google, or any OpenAI-compatible server, with tools.",
  documentationUrl: "https://ai-sdk.dev/providers/ai-sdk-providers",
  configuration: configurationSchema,
  configurationJsonSchema: z.toJSONSchema(configurationSchema, { io: "input" }) as Json,
  secrets: [
    "providers.*.apiKey",
    "providers.*.headers.*",
    "tools.terminal.environment.*",
    "tools.mcpServers.*.env.*",
    "tools.mcpServers.*.headers.*",
  ],
  async detect(machine) {
    const { detect } = await import("./detect.ts");
    return await detect(machine);
  },
  async check(configuration, host, signal) {
    const { check } = await import("./check.ts");
    return await check(configuration, host, signal);
  },
  async load(configuration, host) {
    const { loadAiAgent } = await import("./load-ai-agent.ts");
    return await loadAiAgent(configuration, host);
  },
};
