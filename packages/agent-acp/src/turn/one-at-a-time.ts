import { unlessAborted } from "../time-limit.ts";

/** Lets one through at a time, by the name of what they would share; others wait in order. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when it is one's turn, with how to let the next through; undefined when it was not waited for any longer. */
  async enter(name: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    const before = this.#last.get(name) ?? Promise.resolve();
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const all = before.then(() => left);
    this.#last.set(name, all);
    void all.then(() => {
      if (this.#last.get(name) === all) this.#last.delete(name);
    });
    if (
      (await unlessAborted(
        before.then(() => true),
        signal,
      )) === true
    )
      return leave;
    leave();
    return undefined;
  }

  /** Resolves once nobody is inside any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
