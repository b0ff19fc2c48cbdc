import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { pause, type Clock } from "@hermes/core";
import { MediaFailure } from "../media-failure.ts";
import { timeLimit } from "../time-limit.ts";
import { endGroup, killGroup } from "./process-group.ts";

/** A program to be run without a shell. */
export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** All of it: nothing of our own is handed on. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** How a program ended that was not ended by us. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly output: string;
  /** The beginning of what it complained of. */
  readonly complaint: string;
}

const maxOutputBytes = 1_048_576;
const maxComplaintBytes = 4096;
/** How long what is still in the pipes is read after the end: something that left the group may hold them open for ever. */
const drainMs = 250;

/**
 * Runs a program in a process group of its own and without input. When it ends, its time is over or the signal is aborted, all that it
 * started and left in its group is ended. Throws `MediaFailure` where it was not started or was ended by us.
 */
export async function runProgram({
  program,
  args,
  folder,
  environment,
  timeoutMs,
  signal,
  clock,
}: ProgramRun): Promise<ProgramEnd> {
  using limit = timeLimit(timeoutMs, clock, signal);
  limit.check();
  const child = spawn(program, args, { cwd: folder, env: environment, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const output = firstBytes(child.stdout, maxOutputBytes);
  const complaint = firstBytes(child.stderr, maxComplaintBytes);
  const exited = once(child, "exit");
  const onAbort = (): void => void endGroup(child, exited, clock).catch(() => undefined);
  limit.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const [exitCode, killedBy] = (await exited) as [number | null, NodeJS.Signals | null];
    killGroup(child);
    limit.check();
    await Promise.race([Promise.all([output.ended, complaint.ended]), pause(drainMs, clock, limit.signal)]);
    return { exitCode, killedBy, output: output.text(), complaint: complaint.text() };
  } catch (error) {
    limit.check();
    if (error instanceof MediaFailure) throw error;
    throw new MediaFailure({ kind: "not-started" }, error);
  } finally {
    limit.signal.removeEventListener("abort", onAbort);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Reads a pipe to its end, so that nobody waits at it, and keeps no more than its beginning. */
function firstBytes(stream: Readable, maxBytes: number): { readonly ended: Promise<void>; text(): string } {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  stream.on("data", (chunk: Uint8Array) => {
    if (sizeBytes < maxBytes) chunks.push(chunk.subarray(0, maxBytes - sizeBytes));
    sizeBytes += chunk.byteLength;
  });
  const ended = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  return { ended, text: () => new TextDecoder().decode(Buffer.concat(chunks)) };
}
