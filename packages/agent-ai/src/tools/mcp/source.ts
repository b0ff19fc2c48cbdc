import { hash } from "node:crypto";
import type { AgentHost, Json, ToolEffect } from "@hermes/core";
import type { Tool, ToolContext, ToolResult, ToolSource } from "../../tool.ts";
import { denied, failed, inOneLine } from "../define-tool.ts";
import type { CheckedTool } from "./check-tool.ts";
import type { McpServerConfiguration } from "./configuration.ts";
import { toolName } from "./names.ts";
import { toResult } from "./result.ts";
import { McpServer, reasonOf } from "./server.ts";

const largestInputCharacters = 256 * 1024;
const shownInputCharacters = 2000;

/** The tools of servers of the Model Context Protocol, each server a set of its own: `mcp:<name>`. */
export function mcpSource(servers: Readonly<Record<string, McpServerConfiguration>>, host: AgentHost): ToolSource {
  const all = Object.entries(servers).map(([name, configuration]) => new McpServer(name, configuration, host));
  return {
    async tools(sets, signal) {
      const wanted = all.filter(({ name }) => sets.includes(`mcp:${name}`));
      const lists = await Promise.all(wanted.map(async (server) => offered(server, await server.tools(signal))));
      return lists.flat().sort((one, other) => (one.name < other.name ? -1 : 1));
    },
    reload: async (signal) => (await Promise.all(all.map(async (server) => `- ${await server.reload(signal)}`))).join("\n"),
    close: async () => void (await Promise.all(all.map((server) => server.close()))),
  };
}

function offered(server: McpServer, tools: readonly CheckedTool[]): readonly Tool[] {
  const { tools: allowed } = server.configuration;
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (allowed !== undefined && !allowed.includes(tool.name)) continue;
    const made = toTool(server, tool);
    // A server that tells of one tool twice has it once.
    if (!byName.has(made.name)) byName.set(made.name, made);
  }
  return [...byName.values()];
}

function toTool(server: McpServer, tool: CheckedTool): Tool {
  const name = toolName(server.name, tool.name);
  return {
    name,
    set: `mcp:${server.name}`,
    description: tool.description === "" ? `The tool ${inOneLine(tool.name)} of the server ${server.name}.` : tool.description,
    inputSchema: tool.inputSchema,
    read(input) {
      if (!isObject(input)) return `The input of ${name} has to be an object.`;
      if (JSON.stringify(input).length > largestInputCharacters) return `The input of ${name} is too large.`;
      return {
        title: inOneLine(`${server.name}: ${tool.name}`),
        effect: effectOf(server.configuration, tool),
        run: (context) => run(server, tool, input, context),
      };
    },
  };
}

/** A tool that its server tells otherwise of is another: what was said of the one before does not count for it. */
function rememberedAs(server: McpServer, { name, description, inputSchema }: CheckedTool): string {
  const told = hash("sha256", JSON.stringify([description, inputSchema])).slice(0, 16);
  return `${toolName(server.name, name)}:${told}`;
}

/** A server's hints come from the server: they count only where the configuration trusts it. */
function effectOf(
  { trusted = false, effect = "once" }: McpServerConfiguration,
  { isReadOnly, isIdempotent }: CheckedTool,
): ToolEffect {
  if (trusted && isReadOnly) return "none";
  return trusted && isIdempotent && effect === "once" ? "repeatable" : effect;
}

async function run(
  server: McpServer,
  tool: CheckedTool,
  input: Readonly<Record<string, Json>>,
  context: ToolContext,
): Promise<ToolResult> {
  if (server.configuration.approval === "always") {
    const written = JSON.stringify(input, undefined, 2);
    if (written.length > shownInputCharacters)
      return denied("The input is too long to be shown to a person, so nobody was asked. Send less.");
    const answer = await context.approve({
      reason: `Calls ${inOneLine(tool.name)} of the server ${server.name}.`,
      exact: `${inOneLine(tool.name)} ${written}`,
      remember: rememberedAs(server, tool),
    });
    if (answer.kind === "denied") return denied(answer.why);
  }
  try {
    return toResult(server.name, await server.call(tool.name, input, context.signal), context);
  } catch (error) {
    context.signal.throwIfAborted();
    return failed(`The server ${server.name} did not answer: ${reasonOf(error)}. It is not known whether it did anything.`);
  }
}

function isObject(input: Json): input is { readonly [key: string]: Json } {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}
