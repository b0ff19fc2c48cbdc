import type { Dispatch } from "./gateway-socket.ts";

export interface InboxOptions {
  /** Sees to dispatches in order; returns once they are stored. What it throws ends the listening. */
  readonly handle: (batch: readonly Dispatch[]) => Promise<void>;
  /** More wait than may: whoever sends them has to stop. */
  readonly onFull: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** How many dispatches may wait, and how many are stored in one commit. */
const maxWaiting = 5000;
const maxBatch = 100;

/** What changes the state of everything that follows it is seen to alone. */
const alone: ReadonlySet<string> = new Set(["READY", "RESUMED", "GUILD_CREATE", "GUILD_DELETE"]);

/** A line of dispatches, seen to one batch after another. */
export class Inbox {
  readonly #options: InboxOptions;
  #waiting: Dispatch[] = [];
  #running: Promise<void> | undefined;
  #isOver = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  push(dispatch: Dispatch): void {
    if (this.#isOver) return;
    if (this.#waiting.length >= maxWaiting) return this.#options.onFull();
    this.#waiting.push(dispatch);
    this.#running ??= this.#run();
  }

  /** Forgets what waits: it is not acknowledged, and comes again. Resolves when nothing is being stored any more. */
  async clear(): Promise<void> {
    this.#waiting = [];
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      for (let batch = this.#take(); batch.length > 0; batch = this.#take()) await this.#options.handle(batch);
    } catch (error) {
      this.#isOver = true;
      this.#waiting = [];
      this.#options.onFailure(error);
    }
    this.#running = undefined;
  }

  #take(): readonly Dispatch[] {
    const end = this.#waiting.findIndex(({ name }, index) => alone.has(name) || index >= maxBatch);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
  }
}
