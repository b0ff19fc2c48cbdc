import type { McpServer } from "@agentclientprotocol/sdk";
import type { McpServers } from "../configuration.ts";
import type { AgentFacts } from "../peer/agent-facts.ts";

/** The configured MCP servers as the protocol names them, and the names of those that the agent cannot reach. */
export function mcpServersFor(
  servers: McpServers,
  { mcp }: Pick<AgentFacts, "mcp">,
): { readonly usable: McpServer[]; readonly unusable: readonly string[] } {
  const usable: McpServer[] = [];
  const unusable: string[] = [];
  for (const [name, server] of Object.entries(servers)) {
    if ("command" in server) {
      usable.push({ name, command: server.command, args: server.args ?? [], env: pairs(server.environment) });
    } else {
      const type = server.transport ?? "http";
      if (mcp[type]) usable.push({ type, name, url: server.url, headers: pairs(server.headers) });
      else unusable.push(name);
    }
  }
  return { usable, unusable };
}

function pairs(values: Readonly<Record<string, string>> = {}): { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
