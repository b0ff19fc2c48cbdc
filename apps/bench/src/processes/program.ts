import { spawn } from "node:child_process";
import { onExit } from "./clean-up.ts";
import { probeArguments, watchLoop, type LoopDelay } from "./loop-delay.ts";

const stopWithinMs = 6000;
const keptCharacters = 20_000;

/** A Node process that was started to be measured. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Since it was spawned, in milliseconds: when the line came that was waited for. */
  readonly readyMs: number;
  /** The line that said it is ready. */
  readonly readyLine: string;
  /** Rejects when it ends without having been asked to. */
  readonly failed: Promise<never>;
  /** Watches its event loop until what this returns is called. Only of a program that `isWatched`. */
  watchLoop(): () => Promise<LoopDelay>;
  /** Asks it to end; kills it if it does not. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly script: string;
  readonly scriptArguments?: readonly string[];
  readonly nodeArguments?: readonly string[];
  /** Its event loop can be watched. Costs it a little, so not where its start or its memory is measured. */
  readonly isWatched?: boolean;
  /** All it sees of the environment, besides PATH. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Matches the line of its output that says it is ready. */
  readonly ready: RegExp;
  readonly readyWithinMs?: number;
}

/**
 * Starts a Node program and waits until it is ready.
 *
 * @throws Error with what it wrote, when it ends or stays silent instead.
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { script, scriptArguments = [], isWatched = false, environment, folder, ready, readyWithinMs = 20_000 } = options;
  const nodeArguments = [...(options.nodeArguments ?? []), ...(isWatched ? probeArguments : [])];
  const spawnedAtMs = performance.now();
  const child = spawn(process.execPath, [...nodeArguments, script, ...scriptArguments], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stdio: isWatched ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
  });
  const forget = onExit(() => void child.kill("SIGKILL"));
  let written = "";
  let isAskedToEnd = false;
  const keep = (text: string): void => {
    written = (written + text).slice(-keptCharacters);
  };
  child.stderr?.setEncoding("utf8").on("data", keep);
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(`exit code ${code ?? "none"}, signal ${signal ?? "none"}`));
  });
  void ended.then(forget);
  const failed = new Promise<never>((_resolve, reject) => {
    void ended.then((how) => {
      if (!isAskedToEnd) reject(new Error(`${script} ended by itself (${how}):\n${written}`));
    });
  });
  // It is raced against by whoever measures; between measurements nobody listens.
  failed.catch(() => undefined);
  const stop = async (): Promise<void> => {
    isAskedToEnd = true;
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
    await ended;
    clearTimeout(kill);
  };
  const firstLine = new Promise<{ readonly line: string; readonly atMs: number }>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${script} was not ready within ${readyWithinMs} ms:\n${written}`)),
      readyWithinMs,
    );
    let unfinished = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      keep(text);
      const lines = (unfinished + text).split("\n");
      unfinished = lines.pop() ?? "";
      const line = lines.find((each) => ready.test(each));
      if (line === undefined) return;
      clearTimeout(timer);
      resolve({ line, atMs: performance.now() });
    });
    failed.catch(() => clearTimeout(timer));
  });
  try {
    const { line, atMs } = await Promise.race([firstLine, failed]);
    return {
      pid: child.pid ?? 0,
      readyMs: atMs - spawnedAtMs,
      readyLine: line,
      failed,
      watchLoop: () => watchLoop(child),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
