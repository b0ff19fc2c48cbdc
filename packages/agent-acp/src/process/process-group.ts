import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "@hermes/core";
import { withTimeLimit } from "../time-limit.ts";

/** How long a group may take to end by itself once it is told to. */
const graceMs = 1000;
/** How long its pipes may stay open behind it: somebody else holds them then. */
const pipesMs = 500;

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What is run, and with what. */
export interface ProgramCall {
  /** An absolute path: nothing is searched for. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it is written to. */
  readonly hasInput: boolean;
}

/** A process and whatever it starts: they are ended together. Nothing of it is interpreted by a shell. */
export class ProcessGroup {
  /** Resolves once it is over and all it wrote was read; never rejects. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #isOver = false;

  private constructor(child: ChildProcess, clock: Clock) {
    this.#child = child;
    this.#clock = clock;
    this.exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.#isOver = true;
        // Before its id can be another's: what it left running goes with it.
        this.#signal("SIGKILL");
        const letGo = clock.wakeAt(clock.now() + pipesMs, () => {
          child.stdout?.destroy();
          child.stderr?.destroy();
        });
        child.once("close", () => {
          letGo();
          resolve({ code, signal });
        });
      });
    });
  }

  /** Rejects with what the system says when it cannot be started. */
  static async start({ file, args, cwd, environment, hasInput }: ProgramCall, clock: Clock): Promise<ProcessGroup> {
    const child = spawn(file, [...args], {
      cwd,
      env: { ...environment },
      detached: true,
      shell: false,
      stdio: [hasInput ? "pipe" : "ignore", "pipe", "pipe"],
    });
    const group = new ProcessGroup(child, clock);
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    // A signal that could not be sent is told here; that it is over is told by `exit`.
    child.on("error", () => undefined);
    return group;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get input(): Writable | null {
    return this.#child.stdin;
  }

  get output(): Readable | null {
    return this.#child.stdout;
  }

  get errors(): Readable | null {
    return this.#child.stderr;
  }

  /** Asks all of it to end. */
  end(): void {
    if (!this.#isOver) this.#signal("SIGTERM");
  }

  /** Ends all of it: asks first, and does not ask again. */
  async stop(): Promise<Exit | undefined> {
    this.end();
    const exit = await this.#within(graceMs);
    if (exit !== undefined) return exit;
    if (!this.#isOver) this.#signal("SIGKILL");
    // What the system does not end within that time is beyond us.
    return await this.#within(graceMs);
  }

  /** Waits so long for it to end by itself. */
  async #within(limitMs: number): Promise<Exit | undefined> {
    return await withTimeLimit(this.exited, limitMs, this.#clock, () => undefined);
  }

  #signal(signal: "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // Nobody is left of the group, or what is left belongs to somebody else.
      if (!isGone(error)) throw error;
    }
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ESRCH" || code === "EPERM";
}
