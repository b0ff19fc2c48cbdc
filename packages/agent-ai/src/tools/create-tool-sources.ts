import { join } from "node:path";
import type { AgentHost } from "@hermes/core";
import type { ToolSource } from "../tool.ts";
import { clarifyTool } from "./clarify.ts";
import type { ToolsConfiguration } from "./configuration.ts";
import { fileTools } from "./files/files.ts";
import { mcpSource } from "./mcp/source.ts";
import { fileMemory } from "./memory/file-memory.ts";
import { memorySource } from "./memory/memory.ts";
import type { MemoryProvider } from "./memory/provider.ts";
import { createSnapshots } from "./memory/snapshots.ts";
import { sendMessageTool } from "./messages.ts";
import { ownSource } from "./own-source.ts";
import { terminalTool } from "./terminal/terminal.ts";
import { webFetchTool } from "./web/web-fetch.ts";

/** Every tool that the configuration gives. Nothing is started before a turn needs it. */
export function createToolSources(
  configuration: ToolsConfiguration,
  host: AgentHost,
  /** Where notes are kept. Default: files below the host's folder. */
  provider: MemoryProvider = fileMemory(join(host.folder, "memory"), configuration.memory),
): readonly ToolSource[] {
  const { roots = [], terminal = {}, files = {}, messages: { targets = [] } = {}, mcpServers = {} } = configuration;
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const ofFolders =
    roots.length === 0
      ? []
      : [terminalTool(terminal, { host, roots, closing: closing.signal, running }), ...fileTools(roots, files, host.clock)];
  const own = ownSource([...ofFolders, webFetchTool(host, closing.signal), clarifyTool(), sendMessageTool(host, targets)], {
    close: async () => {
      closing.abort();
      await Promise.allSettled(running);
    },
  });
  const memory = memorySource(provider, createSnapshots(join(host.folder, "memory", "snapshots")));
  return [own, memory, ...(Object.keys(mcpServers).length === 0 ? [] : [mcpSource(mcpServers, host)])];
}
