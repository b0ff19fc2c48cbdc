import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Clock } from "@hermes/core";
import { endProcessGroup, killGroupOf } from "../process-group.ts";
import { createOutput } from "./output.ts";

/** What is to be run, and how long it may take. */
export interface CommandRun {
  readonly command: string;
  /** Absolute, and looked at already. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** How a command ended, and what it said. */
export interface CommandEnd {
  readonly ending: "exited" | "timed-out" | "aborted";
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly output: string;
}

/**
 * Runs a command by `/bin/sh -c`, as one argument that nothing is added to, in a process group of its own and without input. When it
 * ends, its time is over or the signal is aborted, all that it started and left in its group is ended: nothing goes on, and nothing
 * that holds the pipes open is waited for.
 */
export async function runCommand({ command, folder, environment, timeoutMs, signal, clock }: CommandRun): Promise<CommandEnd> {
  signal.throwIfAborted();
  const output = createOutput();
  const child = spawn("/bin/sh", ["-c", command], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let ending: CommandEnd["ending"] = "exited";
  const end = (why: CommandEnd["ending"]) => (): void => {
    if (ending !== "exited" || child.exitCode !== null || child.signalCode !== null) return;
    ending = why;
    void endProcessGroup(child, clock);
  };
  const onAbort = end("aborted");
  const cancelTimeout = clock.wakeAt(clock.now() + timeoutMs, end("timed-out"));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    child.stdout.on("data", (bytes: Uint8Array) => output.add(bytes));
    child.stderr.on("data", (bytes: Uint8Array) => output.add(bytes));
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => resolve());
    });
    killGroupOf(child);
    await drained([child.stdout, child.stderr]);
  } finally {
    cancelTimeout();
    signal.removeEventListener("abort", onAbort);
    child.stdout.destroy();
    child.stderr.destroy();
  }
  return { ending, exitCode: child.exitCode, killedBy: child.signalCode, output: output.text() };
}

/** How long what is still in the pipes is read after the end. Something that left the group may hold them open for ever. */
const drainMs = 250;

async function drained(streams: readonly Readable[]): Promise<void> {
  const ends = streams.map(async (stream) => {
    if (!stream.closed) await new Promise<void>((resolve) => stream.once("close", () => resolve()));
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, drainMs)));
  await Promise.race([Promise.all(ends), patience]);
  clearTimeout(timer);
}
