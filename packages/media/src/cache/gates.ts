import { MediaFailure } from "../media-failure.ts";

/** Lets one through at a time for each key, in order; nothing is kept for a key that nobody is at. */
export class Gates {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves with how to leave. Throws `MediaFailure` for whoever goes away before it is its turn. */
  async enter(key: string, signal: AbortSignal): Promise<() => void> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const mine = before.then(() => left);
    this.#last.set(key, mine);
    const leave = (): void => {
      resolve();
      if (this.#last.get(key) === mine) void mine.then(() => this.#forget(key, mine));
    };
    if (await isAborted(before, signal)) {
      leave();
      throw new MediaFailure({ kind: "stopped" });
    }
    return leave;
  }

  #forget(key: string, mine: Promise<void>): void {
    if (this.#last.get(key) === mine) this.#last.delete(key);
  }
}

/** Waits until it is its turn, or until it is not wanted any more. */
async function isAborted(turn: Promise<void>, signal: AbortSignal): Promise<boolean> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.race([turn, aborted]);
    return signal.aborted;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
