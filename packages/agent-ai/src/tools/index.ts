export { toolsConfigurationSchema } from "./configuration.ts";
export type { ToolsConfiguration } from "./configuration.ts";
export { createToolSources } from "./create-tool-sources.ts";
export { defineTool } from "./define-tool.ts";
export type { ToolDefinition } from "./define-tool.ts";
export type { MemoryOwner } from "./memory/owner.ts";
export type { MemoryChange, MemoryChanged, MemoryNotes, MemoryProvider, MemoryTarget } from "./memory/provider.ts";
