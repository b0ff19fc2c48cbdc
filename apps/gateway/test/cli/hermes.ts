import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable, type Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const hermesProgram = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const builtProgram = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** A `hermes` process under a home and an environment of its own. */
export interface Hermes {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable | null>;
  /** Everything it wrote so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** The first line of its output that matches; fails when it ends before. */
  line(pattern: RegExp): Promise<string>;
  /** The first line of its error output that matches; fails when it ends before. */
  errorLine(pattern: RegExp): Promise<string>;
  /** How it ended: its exit code, or the signal. */
  ended(): Promise<number | string>;
}

export interface HermesOptions {
  readonly home: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Another program than `hermes`, in the way of tests. */
  readonly program?: string;
  /** As it is built and published, which takes a build before. Default: from source. */
  readonly isBuilt?: boolean;
  /** A file that takes its error output instead of the test. */
  readonly errorsTo?: string;
}

/** Starts `hermes`. It is killed when the test ends. */
export function startHermes(
  parts: readonly string[],
  { home, environment = {}, input, errorsTo, isBuilt = false, program = isBuilt ? builtProgram : hermesProgram }: HermesOptions,
): Hermes {
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    HERMES_HOME: home,
    HERMES_LOCK_DIR: join(home, "locks"),
    ...environment,
  };
  const file = errorsTo === undefined ? undefined : openSync(errorsTo, "a");
  const child = spawn(process.execPath, [...(isBuilt ? [] : ["--conditions=@hermes/source"]), program, ...parts], {
    env,
    stdio: ["pipe", "pipe", file ?? "pipe"],
    // Input and output are pipes as asked for above; only the type of a list of mixed kinds does not say so.
  }) as ChildProcessByStdio<Writable, Readable, Readable | null>;
  if (file !== undefined) closeSync(file);
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close") as Promise<[number | null, string | null]>;
  const output = collect(child.stdout);
  const errors = collect(child.stderr ?? Readable.from([]));
  if (input !== undefined) child.stdin.end(input);
  const describeEnd = async (): Promise<string> => {
    const [code, signal] = await ended;
    return `hermes ${parts.join(" ")} ended (${code ?? signal})\n${output.text()}\n${errors.text()}`;
  };
  return {
    process: child,
    output: output.text,
    errors: errors.text,
    line: (pattern) => output.find(pattern, describeEnd),
    errorLine: (pattern) => errors.find(pattern, describeEnd),
    async ended() {
      const [code, signal] = await ended;
      return code ?? signal ?? "unknown";
    },
  };
}

interface Collected {
  readonly text: () => string;
  find(pattern: RegExp, describeEnd: () => Promise<string>): Promise<string>;
}

function collect(stream: Readable): Collected {
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  let isOver = false;
  const reader = createInterface({ input: stream });
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  reader.on("line", (line) => {
    lines.push(line);
    changed();
  });
  reader.on("close", () => {
    isOver = true;
    changed();
  });
  return {
    text: () => lines.join("\n"),
    find: (pattern, describeEnd) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined && !isOver) return;
          watchers.delete(look);
          if (found !== undefined) resolve(found);
          else void describeEnd().then((end) => reject(new Error(`No line like ${pattern}: ${end}`)));
        };
        watchers.add(look);
        look();
      }),
  };
}
