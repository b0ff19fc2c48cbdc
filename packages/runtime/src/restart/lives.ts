import type { Clock, Json, Logger } from "@hermes/core";
import { levelOf } from "../store-error.ts";
import type { Store } from "../store.ts";
import { nextLife, readLife, youngMs, type Life } from "./life.ts";

/** Where it is remembered: no platform's name. */
const place = "$gateway";
const key = "life";

/** What lives are kept with. */
export interface LivesParts {
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Not a life of its own: the next process finds the one before. */
  readonly isPassing: boolean;
}

/** Knows how the process before this one ended, and lets the next one know of this one. */
export class Lives {
  readonly #parts: LivesParts;
  #current: Life;
  #previous: Life | undefined;
  #isOpen = false;
  #cancel = (): void => undefined;

  constructor(parts: LivesParts) {
    this.#parts = parts;
    this.#current = nextLife(undefined, undefined, parts.clock.now());
  }

  /** This process. */
  get current(): Life {
    return this.#current;
  }

  /** The process before it; undefined if it is the first. */
  get previous(): Life | undefined {
    return this.#previous;
  }

  /** Begins a life. Call it once, before anything that may end the process. */
  async open(lastReplyId: string | undefined): Promise<void> {
    const { store, clock, isPassing } = this.#parts;
    this.#previous = readLife(await store.readMemory(place, key, clock.now()));
    this.#current = nextLife(this.#previous, lastReplyId, clock.now());
    if (isPassing) return;
    await this.#keep(this.#current);
    this.#isOpen = true;
    this.#cancel = clock.wakeAt(clock.now() + youngMs, () => void this.#note({ ...this.#current, state: "settled" }));
  }

  /** Whoever looks after the gateway was told of the crashes before. */
  async told(): Promise<void> {
    if (this.#isOpen) await this.#note({ ...this.#current, isTold: true });
  }

  /** It ends as planned: what ends from now on ends because of that. */
  async end(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#cancel();
    await this.#note({ ...this.#current, state: "ended", endedAtMs: this.#parts.clock.now() });
  }

  async #note(life: Life): Promise<void> {
    this.#current = life;
    try {
      await this.#keep(life);
    } catch (error) {
      // Not kept, the next process takes this one for a crashed one: it resumes less by itself, and loses nothing.
      this.#parts.logger[levelOf(error)](`How this process stands was not noted: ${String(error)}`);
    }
  }

  async #keep(life: Life): Promise<void> {
    await this.#parts.store.writeMemory({ platform: place, key, value: life as unknown as Json });
  }
}
