import type { AgentManifest, Json } from "@hermes/core";
import { z } from "zod";
import { configurationSchema, type AcpOptions } from "./configuration.ts";

/** Facts about agents behind the Agent Client Protocol; reading them loads no library and starts nothing. */
export const manifest: AgentManifest<AcpOptions> = {
  apiVersion: 1,
  kind: "acp",
  name: "ACP agent",
  description: "Any agent that speaks the Agent Client Protocol, such as Claude Code, Codex, Gemini CLI, OpenCode or Goose.",
  documentationUrl: "https://agentclientprotocol.com/",
  configuration: configurationSchema,
  configurationJsonSchema: z.toJSONSchema(configurationSchema, { io: "input" }) as Json,
  secrets: ["environment.*", "mcpServers.*.environment.*", "mcpServers.*.headers.*"],
  async detect(machine) {
    const { detect } = await import("./detect.ts");
    return await detect(machine);
  },
  async check(configuration, host, signal) {
    const { check } = await import("./check.ts");
    return await check(configuration, host, signal);
  },
  async load(configuration, host) {
    const { acpAgent } = await import("./acp.ts");
    return acpAgent(configuration, host);
  },
};
