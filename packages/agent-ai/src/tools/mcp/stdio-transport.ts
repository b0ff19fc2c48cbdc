import { spawn, type ChildProcess } from "node:child_process";
import { mkdir } from "node:fs/promises";
import type { Clock } from "@hermes/core";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { endProcessGroup, killGroupOf } from "../process-group.ts";
import type { McpProgram } from "./configuration.ts";
import { createLineReader } from "./line-reader.ts";

const longestMessageBytes = 16 * 1024 * 1024;
const longestLogLine = 500;

/** What a server's program is started with. */
export interface StdioParts {
  readonly program: McpProgram;
  readonly defaultFolder: string;
  readonly clock: Clock;
  /** A line that the server wrote to its standard error. */
  readonly onComplaint: (line: string) => void;
}

/**
 * Talks to a server by the standard streams of a process, one message a line (MCP 2025-11-25, transports). Unlike the client library's
 * own it passes nothing of the gateway's environment on, and ends what the program started together with it.
 */
export function stdioTransport({ program, defaultFolder, clock, onComplaint }: StdioParts): Transport {
  let child: ChildProcess | undefined;
  let ended: Promise<void> | undefined;
  const transport: Transport = {
    async start() {
      const { command, args = [], env = {}, cwd } = program;
      if (cwd === undefined) await mkdir(defaultFolder, { recursive: true, mode: 0o700 });
      const started = spawn(command, args, {
        cwd: cwd ?? defaultFolder,
        env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: defaultFolder, LANG: "C.UTF-8", ...env },
        detached: true,
        stdio: ["pipe", "pipe", "pipe"],
      });
      child = started;
      const messages = createLineReader(longestMessageBytes, (line) => receive(transport, line));
      const complaints = createLineReader(longestMessageBytes, (line) => onComplaint(line.slice(0, longestLogLine)));
      started.stdout.on("data", (bytes: Uint8Array) => {
        if (messages.add(bytes)) return;
        transport.onerror?.(new Error(`A message has more than ${longestMessageBytes} bytes`));
        void transport.close();
      });
      started.stderr.on("data", (bytes: Uint8Array) => void complaints.add(bytes));
      // A pipe that breaks is told by the end of the process.
      for (const stream of [started.stdin, started.stdout, started.stderr]) stream.on("error", () => undefined);
      await new Promise<void>((resolve, reject) => {
        started.once("spawn", resolve);
        started.once("error", reject);
      });
      started.once("exit", () => {
        killGroupOf(started);
        for (const stream of [started.stdin, started.stdout, started.stderr]) stream.destroy();
        child = undefined;
        transport.onclose?.();
      });
    },
    async send(message) {
      const { stdin } = child ?? {};
      if (stdin === undefined || stdin === null || !stdin.writable) throw new Error("The server has ended");
      await new Promise<void>((resolve, reject) => {
        stdin.write(`${JSON.stringify(message)}\n`, (error) =>
          error === null || error === undefined ? resolve() : reject(error),
        );
      });
    },
    async close() {
      if (child === undefined) return;
      ended ??= endProcessGroup(child, clock);
      await ended;
    },
  };
  return transport;
}

function receive(transport: Transport, line: string): void {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    // Some servers print other things before they are up. What is no message is none.
    return;
  }
  if (typeof message !== "object" || message === null || !("jsonrpc" in message) || message.jsonrpc !== "2.0") return;
  transport.onmessage?.(message as JSONRPCMessage);
}
