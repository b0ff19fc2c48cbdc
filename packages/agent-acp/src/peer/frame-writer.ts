import type { AnyMessage } from "@agentclientprotocol/sdk";
import { once } from "node:events";
import type { Writable } from "node:stream";

/** Writes frames to an agent's standard input, and remembers what was asked. */
export class FrameWriter {
  readonly #input: Writable;
  /** Ids of requests that wait for their answer: at most as many as we ask at once. */
  readonly #asked = new Set<unknown>();

  constructor(input: Writable) {
    this.#input = input;
  }

  /** Whether this id was asked; an answer settles it. */
  settle(id: unknown): boolean {
    return this.#asked.delete(id);
  }

  /** What the library writes into. Waits while the process does not read. */
  stream(onWritten: (message: AnyMessage) => void): WritableStream<AnyMessage> {
    return new WritableStream<AnyMessage>({
      write: async (message) => {
        if ("method" in message && "id" in message) this.#asked.add(message.id);
        if (!this.#input.write(`${JSON.stringify(message)}\n`)) await drained(this.#input);
        onWritten(message);
      },
    });
  }
}

async function drained(input: Writable): Promise<void> {
  if (input.destroyed) throw new Error("Its standard input is closed");
  await Promise.race([once(input, "drain"), once(input, "close")]);
}
