import type { Part } from "@hermes/core";
import { isNews, isSame } from "./evidence.ts";

/** Writes parts that have changed. */
export type PartsWrite<T = void> = (parts: readonly Part[]) => Promise<T>;

/** What the store knows of one reply's parts. Writes go one after the other; one that fails leaves the next all there is to write. */
export class ReplyRecord {
  readonly #stored = new Map<number, Part>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: readonly Part[]) {
    for (const part of parts) this.#stored.set(part.index, part);
  }

  /** Whether whoever finds the reply after a crash has to know this. */
  isNews(part: Part): boolean {
    return isNews(this.#stored.get(part.index), part);
  }

  /** When it is this write's turn, writes what changed; nothing where nothing did, unless `isDue`. */
  async write(parts: () => readonly Part[], write: PartsWrite, isDue: () => boolean): Promise<void> {
    await this.#inTurn(async () => {
      const changed = this.#changed(parts());
      if (changed.length > 0 || isDue()) await this.#put(changed, write);
    });
  }

  /** When it is this write's turn, writes what changed, if only nothing, together with something else. */
  async writeAlong<T>(parts: () => readonly Part[], write: PartsWrite<T>): Promise<T> {
    return await this.#inTurn(() => this.#put(this.#changed(parts()), write));
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const next = this.#last.then(run);
    this.#last = next.catch(() => undefined);
    return next;
  }

  #changed(parts: readonly Part[]): readonly Part[] {
    return parts.filter((part) => !isSame(this.#stored.get(part.index), part));
  }

  async #put<T>(changed: readonly Part[], write: PartsWrite<T>): Promise<T> {
    const result = await write(changed);
    for (const part of changed) this.#stored.set(part.index, part);
    return result;
  }

  /** All writes that were begun are over. */
  async over(): Promise<void> {
    await this.#last;
  }
}
