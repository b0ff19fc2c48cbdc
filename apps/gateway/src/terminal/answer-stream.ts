import type { TerminalLine, TerminalOutcome } from "./protocol.ts";

/** One answer on its way to the terminal that asked. */
export interface AnswerStream {
  readonly body: ReadableStream<Uint8Array>;
  write(line: TerminalLine): void;
  /** Ends the answer; what comes after is not heard. May be called twice. */
  end(outcome: TerminalOutcome): void;
}

/** An answer as lines of JSON. `onGone` is called when the terminal hangs up before the end. */
export function createAnswerStream(onGone: () => void): AnswerStream {
  const encoder = new TextEncoder();
  let output: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      output = controller;
    },
    cancel() {
      output = undefined;
      onGone();
    },
  });
  const write = (line: TerminalLine): void => output?.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
  return {
    body,
    write,
    end(outcome) {
      write({ type: "end", outcome });
      output?.close();
      output = undefined;
    },
  };
}
