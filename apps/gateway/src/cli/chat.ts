import { userInfo } from "node:os";
import { createInterface, type Interface } from "node:readline";
import { text } from "node:stream/consumers";
import { systemClock } from "@hermes/core";
import { findChatPartner, type ChatPartner } from "../chat-partner.ts";
import { isGatewayError } from "../config/problem.ts";
import { terminalText } from "../log/printable.ts";
import { createProcessLog } from "../log/process-log.ts";
import { createRedactor } from "../log/redactor.ts";
import { converse } from "../terminal/converse.ts";
import type { TerminalOutcome } from "../terminal/protocol.ts";
import { loadOwnConfiguration } from "./load.ts";

const prompt = "> ";

/** `hermes chat`: a conversation on a terminal, or one message in a pipe. */
export async function runChat(): Promise<void> {
  const { configuration, environment } = await loadOwnConfiguration();
  const redactor = createRedactor();
  for (const secret of configuration.secrets) redactor.add(secret);
  const log = createProcessLog(environment, redactor);
  // What a gateway tells about itself would stand between question and answer.
  log.setLevel(configuration.settings.logLevel === "debug" ? "debug" : "error");
  const partner = await findChatPartner({ configuration, environment, clock: systemClock, log });
  try {
    if (process.stdin.isTTY) await talk(partner);
    else await ask(partner);
  } finally {
    await partner.close();
  }
}

async function ask(partner: ChatPartner): Promise<void> {
  const question = await text(process.stdin);
  if (question.trim() === "") return;
  const outcome = await say(partner, question.trimEnd());
  if (outcome !== "finished") {
    process.stderr.write(`${explain(outcome)}\n`);
    process.exitCode = 75;
  }
}

async function talk(partner: ChatPartner): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt });
  let answering = false;
  lines.on("SIGINT", () => {
    if (answering) void interrupt(partner);
    else leaveOrClear(lines);
  });
  process.stdout.write("Ctrl-C interrupts an answer, Ctrl-D leaves, /help lists commands.\n");
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== "") {
      answering = true;
      await answer(partner, line);
      answering = false;
    }
    lines.prompt();
  }
  process.stdout.write("\n");
}

/** One answer that fails does not end the conversation. */
async function answer(partner: ChatPartner, line: string): Promise<void> {
  try {
    const outcome = await say(partner, line);
    if (outcome !== "finished") process.stdout.write(`(${explain(outcome)})\n`);
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    process.stdout.write(`(${error.message})\n`);
  }
}

async function say({ transport, token }: ChatPartner, message: string): Promise<TerminalOutcome> {
  let column = 0;
  const write = (shown: string): void => {
    if (shown === "") return;
    process.stdout.write(shown);
    column = shown.endsWith("\n") ? 0 : 1;
  };
  return converse(
    transport,
    token,
    { user: userName(), text: message },
    {
      onText: (delta) => write(terminalText(delta)),
      onMessageEnd: () => write(column === 0 ? "" : "\n"),
    },
  );
}

/** The answer that is interrupted ends by itself; what the command says is of no interest. */
async function interrupt({ transport, token }: ChatPartner): Promise<void> {
  const nothing = { onText: () => undefined, onMessageEnd: () => undefined };
  try {
    await converse(transport, token, { user: userName(), text: "/stop" }, nothing);
  } catch (error) {
    process.stdout.write(`(${error instanceof Error ? error.message : String(error)})\n`);
  }
}

function leaveOrClear(lines: Interface): void {
  if (lines.line === "") process.stdout.write("\n(Ctrl-D leaves)\n");
  else process.stdout.write("\n");
  lines.write(null, { ctrl: true, name: "u" });
  lines.prompt();
}

function explain(outcome: Exclude<TerminalOutcome, "finished">): string {
  switch (outcome) {
    case "interrupted":
      return "interrupted";
    case "failed":
      return "the agent failed";
    case "refused":
      return "not taken: too many messages are waiting";
    case "dropped":
      return "dropped before it was answered";
    case "shutdown":
      return "the gateway ended before the answer was over";
  }
}

/** Names one person's conversation on this machine; a process without a named user has one as well. */
function userName(): string {
  try {
    return (
      userInfo()
        .username.replaceAll(/[^A-Za-z0-9._-]/gu, "_")
        .slice(0, 64) || "local"
    );
  } catch {
    return "local";
  }
}
