import { spawn, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { ScreenModel } from "./screen-model.ts";

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface Terminal {
  type(text: string): void;
  /** Resolves with what stands on the terminal, what has scrolled away included, once it matches. */
  shows(pattern: RegExp): Promise<string>;
  /** All that was ever written. */
  readonly written: () => string;
  resize(columns: number, rows: number): void;
  kill(signal: NodeJS.Signals): void;
  ended(): Promise<number>;
}

/** `hermes` on a real terminal, which script(1) of util-linux provides. `how` begins it: `exec`, or as a job of a shell. */
export function onTerminal(
  parts: string,
  home: string,
  environment: Readonly<Record<string, string>> = {},
  how: string = "exec",
): Terminal {
  const place = join(home, `terminal-${Math.random().toString(36).slice(2)}`);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    HERMES_HOME: home,
    HERMES_LOCK_DIR: join(home, "locks"),
    TERM: "xterm",
    ...environment,
  };
  const command = `stty cols 60 rows 16; (tty; echo $$) > ${place}; ${how} ${process.execPath} --conditions=@hermes/source ${program} ${parts}`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], { env, stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const screen = new ScreenModel(60, 16);
  let written = "";
  const watchers = new Set<() => void>();
  const ended = new Promise<number>((resolve) => {
    child.on("close", (code) => resolve(code ?? -1));
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written += text;
    screen.write(text);
    for (const watcher of watchers) watcher();
  });
  const [terminal, pid] = [0, 1].map((line) => () => readFileSync(place, "utf8").split("\n")[line] ?? "");
  return {
    type: (text) => void child.stdin.write(text),
    written: () => written,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(screen.text)) return;
          watchers.delete(look);
          resolve(screen.text);
        };
        watchers.add(look);
        look();
        void ended.then(() => reject(new Error(`Nothing like ${pattern} was shown:\n${screen.text}`)));
      }),
    resize: (columns, rows) =>
      void execFileSync("stty", ["-F", terminal?.() ?? "", "cols", String(columns), "rows", String(rows)]),
    kill: (signal) => void process.kill(Number(pid?.()), signal),
    ended: () => ended,
  };
}
