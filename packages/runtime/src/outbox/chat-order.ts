import type { ChatRef } from "@hermes/core";

/** One call at a time per chat, in the order they were asked for. */
export class ChatOrder {
  readonly #tails = new Map<string, Promise<void>>();

  async run<T>({ platform, chatId }: ChatRef, call: () => Promise<T>): Promise<T> {
    const key = `${platform}\n${chatId}`;
    const before = this.#tails.get(key);
    const result = before === undefined ? call() : before.then(call);
    const tail = result.then(ignore, ignore);
    this.#tails.set(key, tail);
    try {
      return await result;
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}

function ignore(): void {
  // Who asked gets the outcome; the next in line only needs to know that it is over.
}
