import { z } from "zod";

const allowed = z.union([
  z.string().min(1).describe("One command, exactly as written."),
  z.array(z.string().min(1)).min(1).describe("A program and its first arguments: whatever follows them is allowed, too."),
]);

/** How the terminal is configured. */
export const terminalSchema = z.strictObject({
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, "Expected the name of a variable, such as LANG"), z.string())
    .optional()
    .describe("All variables that commands see. Default: PATH, HOME (the first root) and LANG."),
  approval: z
    .enum(["dangerous", "always", "never-run-dangerous"])
    .optional()
    .describe("Which commands people are asked about; the last refuses dangerous ones without asking. Default dangerous."),
  allow: z.array(allowed).optional().describe("Commands that are run without asking."),
  timeoutSeconds: z.number().int().min(1).max(600).optional().describe("How long a command may take by default. Default 120."),
});

export type TerminalConfiguration = z.output<typeof terminalSchema>;
