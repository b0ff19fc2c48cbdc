import { isAbsolute } from "node:path";
import { z } from "zod";

const oneHourMs = 3_600_000;

const absolutePath = z
  .string()
  .refine((path) => isAbsolute(path) && !path.includes("\0"), "Expected an absolute path, such as /home/ada/project");

const withoutNul = z.string().refine((value) => !value.includes("\0"), "Expected text without NUL characters");

const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, "Expected the name of an environment variable, such as ANTHROPIC_API_KEY"),
  withoutNul,
);

const address = z
  .string()
  .refine((text) => /^https?:$/u.test(URL.parse(text)?.protocol ?? ""), "Expected an http or https address");

const mcpServer = z.union(
  [
    z.strictObject({ command: z.string().min(1), args: z.array(withoutNul).optional(), environment: variables.optional() }),
    z.strictObject({
      url: address,
      transport: z.enum(["http", "sse"]).optional(),
      headers: z.record(z.string(), z.string()).optional(),
    }),
  ],
  "Expected `command` with `args` and `environment`, or `url` with `headers`",
);

/** What an agent behind the Agent Client Protocol needs to be configured with. */
export const configurationSchema = z.strictObject({
  command: withoutNul
    .min(1, "Expected the program that speaks ACP, such as claude-agent-acp")
    .describe("The program, by its absolute path or by a name on the `PATH` of `environment`. It is run without a shell."),
  args: z
    .array(withoutNul)
    .optional()
    .describe("Its arguments, exactly as they are given. Never a secret: other users see them."),
  environment: variables
    .optional()
    .describe("All of its environment: nothing else is handed on. Values may name variables, such as ${ANTHROPIC_API_KEY}."),
  cwd: absolutePath.optional().describe("The folder it works in. Default: a folder of its own."),
  roots: z
    .array(absolutePath)
    .min(1, "Expected at least one folder, or no `roots` at all")
    .max(50, "Expected at most 50 folders")
    .optional()
    .describe("Folders in which the gateway reads and writes files and runs commands for it. Default: `cwd` alone."),
  permissions: z
    .enum(["ask", "deny"])
    .optional()
    .describe("What becomes of what it asks leave for: people are asked, or everything is denied. Default ask."),
  fileSystem: z.enum(["none", "read", "write"]).optional().describe("Which files of `roots` the gateway gives it. Default none."),
  terminal: z.boolean().optional().describe("Runs commands in `roots` for it. Default false."),
  mcpServers: z
    .record(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/u, "Expected a short name of letters, digits, `_`, `.` and `-`"), mcpServer)
    .optional()
    .describe("MCP servers that each of its sessions is given."),
  maxSessions: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe("How many sessions are live in it at once; of the others the one used longest ago is closed. Default 32."),
  startTimeoutMs: z.int().min(100).max(oneHourMs).optional().describe("How long it may take to start. Default 30 seconds."),
  promptTimeoutMs: z
    .int()
    .min(1000)
    .max(24 * oneHourMs)
    .optional()
    .describe("How long one answer may take, people's decisions included. Default an hour."),
});

/** The options of `acpAgent`, and what stands in the section of a configuration. */
export type AcpOptions = z.input<typeof configurationSchema>;

/** MCP servers as they are configured, by their names. */
export type McpServers = NonNullable<AcpOptions["mcpServers"]>;

/** The options with every default filled in, but `cwd` and `roots`, whose default lies in the agent's folder. */
export interface AcpConfiguration {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether `cwd` is the agent's own, which is made when it is needed. */
  readonly isOwnFolder: boolean;
  readonly roots: readonly string[];
  readonly permissions: "ask" | "deny";
  readonly fileSystem: "none" | "read" | "write";
  readonly terminal: boolean;
  readonly mcpServers: McpServers;
  readonly maxSessions: number;
  readonly startTimeoutMs: number;
  readonly promptTimeoutMs: number;
}

/** Fills the defaults in. `ownFolder` is where it works when no `cwd` is given. */
export function completeConfiguration(options: z.output<typeof configurationSchema>, ownFolder: string): AcpConfiguration {
  const { cwd = ownFolder, roots = [cwd] } = options;
  return {
    command: options.command,
    args: options.args ?? [],
    environment: options.environment ?? {},
    cwd,
    isOwnFolder: options.cwd === undefined,
    roots,
    permissions: options.permissions ?? "ask",
    fileSystem: options.fileSystem ?? "none",
    terminal: options.terminal ?? false,
    mcpServers: options.mcpServers ?? {},
    maxSessions: options.maxSessions ?? 32,
    startTimeoutMs: options.startTimeoutMs ?? 30_000,
    promptTimeoutMs: options.promptTimeoutMs ?? oneHourMs,
  };
}
