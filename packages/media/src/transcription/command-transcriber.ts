import type { Clock, Logger } from "@hermes/core";
import type { Gates } from "../cache/gates.ts";
import { MediaFailure } from "../media-failure.ts";
import { cleanText } from "../text/clean.ts";
import { runProgram, type ProgramEnd } from "./run-program.ts";
import type { Transcriber } from "./transcriber.ts";

/** A program on this machine that prints what is said in a recording. */
export interface TranscriptionCommand {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Transcribes with a program: `{file}` in an argument stands for the recording. One runs at a time, since each takes all processors. */
export function commandTranscriber(
  { command, environment, timeoutMs }: TranscriptionCommand,
  { gates, clock, logger }: { readonly gates: Gates; readonly clock: Clock; readonly logger: Logger },
): Transcriber {
  const [program, ...args] = command;
  return {
    identity: JSON.stringify(["command", ...command]),
    timeoutMs,
    async transcribe({ path, folder }, signal) {
      const leave = await gates.enter("a program for recordings", signal);
      try {
        const filled = args.map((part) => part.replaceAll("{file}", () => path));
        const end = await runProgram({ program, args: filled, folder, environment, timeoutMs, signal, clock });
        if (end.exitCode === 0) return { text: end.output };
        const how = endOf(end);
        logger.warn(
          `The program for recordings ${how}: ${cleanText(end.complaint).replaceAll(/\s+/gu, " ").trim().slice(0, 500)}`,
        );
        throw new MediaFailure({ kind: "exited", how });
      } finally {
        leave();
      }
    },
  };
}

function endOf({ exitCode, killedBy }: ProgramEnd): string {
  return killedBy === null ? `ended with exit code ${exitCode}` : `was ended by ${killedBy}`;
}
