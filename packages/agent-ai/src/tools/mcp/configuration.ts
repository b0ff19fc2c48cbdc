import { z } from "zod";

const shared = {
  tools: z
    .array(z.string().min(1))
    .optional()
    .describe("Which of its tools are offered, by the server's own names. Default: all."),
  timeoutMs: z.number().int().min(100).max(3_600_000).optional().describe("How long a call may take. Default 60000."),
  effect: z
    .enum(["none", "repeatable", "once"])
    .optional()
    .describe("What its calls do to the world, where the server's own hints do not count. Default once: none is made twice."),
  trusted: z
    .boolean()
    .optional()
    .describe("Whether the server's hints count: which tools only read, and which may be called again. Default false."),
  approval: z
    .enum(["never", "always"])
    .optional()
    .describe("Whether people are asked before each call. Default never: who configured a server wants it used."),
};

const isHttp = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") && url.username === "" && url.password === "";
};

/** One server of the Model Context Protocol: a program that is started, or an address. */
export const mcpServerSchema = z.union(
  [
    z.strictObject({
      command: z.string().min(1).describe("The program."),
      args: z
        .array(z.string())
        .optional()
        .describe("Its arguments. They can be seen by others on the machine: secrets go into `env`."),
      env: z.record(z.string().min(1), z.string()).optional().describe("All variables it sees, besides PATH, HOME and LANG."),
      cwd: z.string().min(1).optional().describe("The folder it is started in. Default: the agent's own."),
      ...shared,
    }),
    z.strictObject({
      url: z
        .string()
        .refine(isHttp, "Expected an address such as https://example.org/mcp, without a name and a password in it")
        .describe(
          "Where it answers by streamable HTTP. An address in the own network is fine: nobody but the configuration names it.",
        ),
      headers: z
        .record(z.string().min(1), z.string())
        .optional()
        .describe("What is sent with each request, such as Authorization."),
      ...shared,
    }),
  ],
  "Expected a server with `command` (a program that is started) or with `url`, and no keys that neither has",
);

export type McpServerConfiguration = z.output<typeof mcpServerSchema>;
export type McpProgram = Extract<McpServerConfiguration, { readonly command: string }>;
export type McpAddress = Extract<McpServerConfiguration, { readonly url: string }>;
