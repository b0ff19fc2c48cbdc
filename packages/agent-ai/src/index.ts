export { aiAgent } from "./ai-agent.ts";
export type { AiAgentOptions } from "./ai-agent.ts";
export type { AiConfiguration } from "./configuration.ts";
export type { ApprovalRequest, Tool, ToolCall, ToolContext, ToolResult, ToolSource } from "./tool.ts";
