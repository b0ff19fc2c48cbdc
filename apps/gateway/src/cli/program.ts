import { Command, CommanderError, InvalidArgumentError } from "commander";
import { isGatewayError } from "../config/problem.ts";
import { printable } from "../log/printable.ts";
import { readVersion } from "../version.ts";
import { examples } from "./examples.ts";
import { addAgentCommands } from "./agent-commands.ts";
import { addChatCommand } from "./chat-command.ts";
import { addGatewayStatus } from "./gateway-status-command.ts";
import { addLedgerCommands } from "./ledger-commands.ts";
import { addMessageCommands } from "./message-commands.ts";
import { addOperatorCommands } from "./operator-commands.ts";

const usageExitCode = 78;

/** Runs the command a line names, and sets the process's exit code: 0, 75 (later it may work), 78 (restarting does not help). */
export async function runCli(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", tolerateClosedPipe);
  const program = createProgram();
  const [command, ...rest] = argv.slice(2);
  try {
    if (command === undefined) program.outputHelp();
    // Not commander's default command: that would take a mistyped one for an argument and suggest nothing.
    else
      await program.parseAsync(command === "gateway" && rest.length === 0 ? ["gateway", "run"] : argv.slice(2), { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
    else if (isGatewayError(error)) {
      for (const line of error.message.split("\n")) process.stderr.write(`${printable(line)}\n`);
      process.exitCode = error.exitCode;
    } else {
      const { describeError } = await import("../log/log.ts");
      process.stderr.write(
        `This is a fault of Hermes Gateway: ${describeError(error)}\n${error instanceof Error ? (error.stack ?? "") : ""}\n`,
      );
      process.exitCode = 1;
    }
  }
}

/** A reader that has seen enough (`hermes … | head`) is no fault, and must not end a gateway. */
function tolerateClosedPipe(error: Error & { readonly code?: string }): void {
  if (error.code !== "EPIPE") process.exitCode = 75;
}

/** Each command's code is imported when it runs: help and version answer without it. */
function createProgram(): Command {
  const program = new Command("hermes")
    .description("Talk to an AI agent from wherever you already are.")
    .version(readVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show a command's help")
    .exitOverride()
    .showHelpAfterError("Run `hermes --help` to see what there is.")
    .addHelpText(
      "after",
      examples(
        "hermes gateway run",
        "echo 'What is new?' | hermes chat",
        "hermes events list",
        "hermes config explain server.port",
      ),
    );
  addGateway(program);
  addAgentCommands(program);
  addChatCommand(program);
  addMessageCommands(program);
  addOperatorCommands(program);
  addLedgerCommands(program);
  addConfig(program);
  return program;
}

function addGateway(program: Command): void {
  const gateway = program
    .command("gateway")
    .description("run the gateway, and see how it is")
    .addHelpText("after", examples("hermes gateway run", "HERMES_HOME=/srv/hermes hermes gateway run", "hermes gateway status"));
  gateway
    .command("run")
    .description("run the gateway in the foreground until it is told to stop; `hermes gateway` alone does the same")
    .addHelpText(
      "after",
      `
Reads config.yaml and .env in $HERMES_HOME (default ~/.hermes), connects every platform and serves until SIGINT or SIGTERM.
Answers that run may end first (restart.mode, restart.drainSeconds); a second signal ends the process at once. SIGUSR1 restarts.

Exit codes: 0 stopped as asked, 75 start me again (a restart was asked for, or it may work later), 78 wrong configuration or served
already (restarting does not help), 1 a fault.
${examples("hermes gateway run", "HERMES_LOG_LEVEL=debug hermes gateway run")}`,
    )
    .action(async () => {
      const { runGateway } = await import("./gateway-run.ts");
      await runGateway();
    });
  addGatewayStatus(gateway);
  gateway
    .command("restart")
    .description("have the gateway that runs restart, once the answers that run have ended or their time is over")
    .addHelpText(
      "after",
      `
Asks the gateway that serves this home; it has to run. In a terminal it starts itself again; else it ends with code 75, and its
service manager starts it (restart.by).
${examples("hermes gateway restart")}`,
    )
    .action(async () => {
      const { restartGateway } = await import("./operator/run-restart.ts");
      await restartGateway();
    });
}

function addConfig(program: Command): void {
  const config = program.command("config").description("look at the configuration");
  config
    .command("explain")
    .argument("[key]", "a key or the beginning of one, such as `server` or `server.port`", checkKey)
    .description("show what each key is set to, what set it, and what that overrode; secrets stay hidden")
    .addHelpText(
      "after",
      examples("hermes config explain", "hermes config explain server.port", "hermes config explain platforms"),
    )
    .action(async (key: string | undefined) => {
      const { explainConfig } = await import("./config-explain.ts");
      await explainConfig(key);
    });
}

function checkKey(key: string): string {
  if (!/^[\w-]+(?:\.[\w-]+)*$/u.test(key)) throw new InvalidArgumentError("A key is a name with dots, such as server.port.");
  return key;
}
