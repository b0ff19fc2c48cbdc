import type { AgentHost } from "@hermes/core";
import { z } from "zod";
import type { Tool, ToolResult } from "../../tool.ts";
import { asData } from "../as-data.ts";
import { defineTool, denied, done, failed } from "../define-tool.ts";
import { realPathInside, realRoots } from "../files/roots.ts";
import { judgeCommand } from "./approval.ts";
import type { TerminalConfiguration } from "./configuration.ts";
import { realPlaces } from "./real-places.ts";
import { runCommand, type CommandEnd } from "./run-command.ts";

const defaultTimeoutSeconds = 120;
const longestTimeoutSeconds = 600;
const longestCommand = 32_000;

const input = z.strictObject({
  command: z.string().min(1).max(longestCommand).describe("What the shell runs, exactly."),
  workdir: z.string().optional().describe("The folder to run it in. Default: the first root."),
  timeout_seconds: z.number().int().min(1).max(longestTimeoutSeconds).optional().describe("How long it may take."),
});

/** What a terminal stands on. */
export interface TerminalParts {
  readonly host: AgentHost;
  readonly roots: readonly string[];
  /** Aborted when the agent is closed. */
  readonly closing: AbortSignal;
  /** The commands that run right now; whoever closes waits for them. */
  readonly running: Set<Promise<unknown>>;
}

/** The terminal, for folders that are below some roots. */
export function terminalTool(configuration: TerminalConfiguration, { host, roots, closing, running }: TerminalParts): Tool {
  const { timeoutSeconds = defaultTimeoutSeconds } = configuration;
  return defineTool({
    name: "terminal",
    set: "terminal",
    description:
      "Runs a command in a shell and says what it printed and how it ended. It gets no input, and nothing of it goes on in the background " +
      "when it has ended. People are asked before dangerous commands: write plain commands, one for each step, rather than clever ones.",
    input,
    title: ({ command }) => command,
    effect: "once",
    async run({ command, workdir, timeout_seconds }, context) {
      if (command.includes("\0")) return failed("The command holds a zero byte. Leave it out.");
      const folders = await realRoots(roots);
      const [first] = folders;
      if (first === undefined)
        return failed("None of the folders that the terminal may work in exists. Tell whoever runs the gateway.");
      const folder = workdir === undefined ? first : await realPathInside(workdir, folders);
      const environment = configuration.environment ?? {
        PATH: "/usr/local/bin:/usr/bin:/bin",
        HOME: first,
        LANG: "C.UTF-8",
      };
      const real = realPlaces();
      const verdict = judgeCommand(command, folder, configuration, {
        roots: folders,
        folders: [folder],
        home: environment["HOME"] ?? "/",
        gatewayFolder: real(host.home),
        real,
      });
      if (verdict.kind === "refuse") return denied(verdict.why);
      if (verdict.kind === "ask") {
        const answer = await context.approve(verdict.request);
        if (answer.kind === "denied") return denied(answer.why);
      }
      const signal = AbortSignal.any([context.signal, closing]);
      const timeoutMs = (timeout_seconds ?? timeoutSeconds) * 1000;
      const run = runCommand({ command, folder, environment, timeoutMs, signal, clock: host.clock });
      running.add(run);
      const end = await run.finally(() => running.delete(run));
      context.signal.throwIfAborted();
      return toResult(end, timeoutMs);
    },
  });
}

function toResult({ ending, exitCode, killedBy, output }: CommandEnd, timeoutMs: number): ToolResult {
  const said = output.trim() === "" ? "It printed nothing." : asData("output of the command", output);
  switch (ending) {
    case "timed-out":
      return failed(`The command took longer than ${timeoutMs / 1000} s and was ended.\n${said}`, "timed out");
    case "aborted":
      return failed(`The command was ended before it was done.\n${said}`, "ended");
    case "exited": {
      const how = killedBy === null ? `exit code ${exitCode}` : `ended by ${killedBy}`;
      return exitCode === 0 ? done(`${how}\n${said}`, how) : failed(`${how}\n${said}`, how);
    }
  }
}
