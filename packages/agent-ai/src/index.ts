export { aiAgent } from "./ai-agent.ts";
export type { AiAgentOptions } from "./ai-agent.ts";
export type { AiConfiguration } from "./configuration.ts";
export { loadAiAgent } from "./load-ai-agent.ts";
export { createToolSources, defineTool, toolsConfigurationSchema } from "./tools/index.ts";
export type {
  MemoryChange,
  MemoryChanged,
  MemoryNotes,
  MemoryOwner,
  MemoryProvider,
  MemoryTarget,
  ToolDefinition,
  ToolsConfiguration,
} from "./tools/index.ts";
export type { ApprovalRequest, Tool, ToolCall, ToolContext, ToolResult, ToolSource } from "./tool.ts";
