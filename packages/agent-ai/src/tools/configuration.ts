import { isAbsolute } from "node:path";
import { z } from "zod";
import { filesSchema } from "./files/configuration.ts";
import { mcpServerSchema } from "./mcp/configuration.ts";
import { terminalSchema } from "./terminal/configuration.ts";

const serverName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/u, "Expected a name such as github: small letters, digits, - and _, at most 32");

const target = z
  .string()
  .regex(
    /^(?:origin|[^\s:]+:\S+)$/u,
    "Expected a target as people write it, such as telegram:123456789, or origin for the own chat",
  );

/** How the tools are configured. Which turn has which sets of them is configured beside it. */
export const toolsConfigurationSchema = z.strictObject({
  roots: z
    .array(z.string().refine(isAbsolute, "Expected an absolute path of a folder, such as /home/ada/work"))
    .optional()
    .describe("The folders that files and commands may be in. Without any there is neither a terminal nor files."),
  terminal: terminalSchema.optional(),
  files: filesSchema.optional(),
  memory: z
    .strictObject({
      sharedMemory: z
        .boolean()
        .optional()
        .describe("One MEMORY.md for everybody who talks to the agent, instead of one for each. Default false."),
    })
    .optional(),
  messages: z
    .strictObject({
      targets: z
        .array(target)
        .optional()
        .describe("Where messages may be sent without asking, besides the own chat. Exactly as they are named."),
    })
    .optional(),
  mcpServers: z
    .record(serverName, mcpServerSchema)
    .optional()
    .describe("Servers of the Model Context Protocol, by the names their sets have: the set of `github` is `mcp:github`."),
});

export type ToolsConfiguration = z.output<typeof toolsConfigurationSchema>;
