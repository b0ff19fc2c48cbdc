import { writeSync } from "node:fs";
import type { ReadStream, WriteStream } from "node:tty";

/** A terminal that tells each key and takes lines wherever they are put. */
export interface Terminal {
  readonly columns: () => number;
  readonly rows: () => number;
  readonly write: (text: string) => void;
  /** Stops the process as Ctrl-Z does; `resumed` is called when it goes on. */
  suspend(resumed: () => void): void;
  /** As it was before. */
  close(): void;
}

export interface TerminalEvents {
  readonly onData: (data: string) => void;
  readonly onResize: () => void;
  /** The terminal is gone, or the process is asked to end. */
  readonly onGone: (exitCode: number) => void;
}

// Several lines that are pasted come marked as such.
const begin = "\u001B[?2004h";
const end = "\u001B[?2004l";
const standardOutput = 1;
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Takes a terminal over, until it is closed; however the process ends, it is as before. */
export function openTerminal(input: ReadStream, output: WriteStream, events: TerminalEvents): Terminal {
  let isOpen = false;
  const enter = (): void => {
    isOpen = true;
    input.setRawMode(true);
    output.write(begin);
  };
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    try {
      // The process may be about to end: nothing is written later.
      writeSync(standardOutput, end);
      input.setRawMode(false);
    } catch {
      // The terminal itself is gone.
    }
  };
  const gone = (): void => events.onGone(0);
  const onSignal = (signal: keyof typeof signals): void => events.onGone(signals[signal]);
  const names = Object.keys(signals) as (keyof typeof signals)[];
  process.once("exit", leave);
  process.on("uncaughtExceptionMonitor", leave);
  for (const name of names) process.on(name, onSignal);
  input.setEncoding("utf8").on("data", events.onData);
  input.once("end", gone).once("close", gone).once("error", gone);
  output.on("resize", events.onResize);
  enter();
  return {
    columns: () => output.columns || 80,
    rows: () => output.rows || 24,
    write: (text) => void output.write(text),
    suspend(resumed) {
      leave();
      process.once("SIGCONT", () => {
        enter();
        resumed();
      });
      process.kill(process.pid, "SIGTSTP");
    },
    close() {
      leave();
      process.removeListener("exit", leave);
      process.removeListener("uncaughtExceptionMonitor", leave);
      for (const name of names) process.removeListener(name, onSignal);
      output.removeListener("resize", events.onResize);
      input.removeListener("data", events.onData).removeListener("end", gone).removeListener("close", gone);
      input.pause();
    },
  };
}
