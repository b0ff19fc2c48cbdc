import type { Clock, DeleteEvent, EditEvent, Logger, MessageEvent } from "@hermes/core";
import { settledWithin, timeLimited } from "./pause.ts";

/** Something that happened, for whoever wants to act on it. A later minor version may add kinds. */
export type HookEvent = {
  readonly type: "message-change";
  /** What somebody did to messages they had sent. */
  readonly event: EditEvent | DeleteEvent;
  /** Where the messages stood: they waited, were being answered, or are past that (or were never for the bot). */
  readonly of: "queued" | "running" | "past";
  /** Those that waited, as they were. */
  readonly before: readonly MessageEvent[];
};

/** Is told what happens. Its errors are logged, and it is not waited for longer than ten seconds; `signal` is aborted then. */
export type Hook = (event: HookEvent, signal: AbortSignal) => void | Promise<void>;

const maxMs = 10_000;
/** A hook that does not keep up is not told everything. */
const maxPending = 1000;

/** What hooks are told with. */
export interface HooksParts {
  readonly hooks: readonly Hook[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Tells hooks what happens; none of them can hold up a message. */
export class Hooks {
  readonly #parts: HooksParts;
  readonly #stopping = new AbortController();
  #pending = 0;

  constructor(parts: HooksParts) {
    this.#parts = parts;
  }

  tell(event: HookEvent): void {
    const { hooks, logger } = this.#parts;
    for (const hook of hooks) {
      if (this.#pending >= maxPending) {
        logger.warn(`A hook was not told of a ${event.type}: it does not keep up`);
        continue;
      }
      this.#pending += 1;
      // Not awaited: a message does not wait for it. It never rejects.
      void this.#call(hook, event).finally(() => (this.#pending -= 1));
    }
  }

  /** Whoever is being told is told to end. */
  close(): void {
    this.#stopping.abort("shutdown");
  }

  async #call(hook: Hook, event: HookEvent): Promise<void> {
    const { clock, logger } = this.#parts;
    const limit = timeLimited(this.#stopping.signal, maxMs, clock);
    const call = Promise.resolve()
      .then(() => hook(event, limit.signal))
      .then(() => "done" as const);
    try {
      if ((await settledWithin(call, "late" as const, limit)) === "late" && !this.#stopping.signal.aborted)
        logger.warn(`A hook took too long over a ${event.type} and is not waited for`);
    } catch (error) {
      logger.warn(`A hook failed over a ${event.type}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      // What it still says after that concerns nobody.
      call.catch(() => undefined);
    }
  }
}
