import type { OutboxParts } from "./reply-keeper.ts";

/**
 * How long it is tried to show something: an agent that takes long uses none of this time, and a machine's clock that is set forward
 * does not use it up.
 */
export class Patience {
  readonly #parts: Pick<OutboxParts, "clock" | "deliveryMaxMs" | "connections">;
  readonly #platform: string;
  #isOver = false;
  /** There while something cannot be shown; aborted when that has gone on for too long. */
  #stuck: { readonly overdue: AbortController; readonly cancel: () => void } | undefined;

  constructor(parts: Pick<OutboxParts, "clock" | "deliveryMaxMs" | "connections">, platform: string) {
    this.#parts = parts;
    this.#platform = platform;
  }

  /** Something was shown. */
  renew(): void {
    this.#stuck?.cancel();
    this.#stuck = undefined;
  }

  /** Nothing is to be shown any more, whatever still comes back. */
  end(): void {
    this.renew();
    this.#isOver = true;
  }

  /** Something could not be shown. */
  lose(): AbortSignal {
    const { clock, deliveryMaxMs } = this.#parts;
    if (this.#isOver) return AbortSignal.abort();
    if (this.#stuck === undefined) {
      const overdue = new AbortController();
      this.#stuck = { overdue, cancel: clock.wakeAt(clock.now() + deliveryMaxMs, () => overdue.abort()) };
    }
    return this.#stuck.overdue.signal;
  }

  /**
   * Resolves once the platform can be called: to false if it was waited for, or tried in vain, for too long, or until `signal`. The
   * time in which somebody keeps it paused is nobody's fault, and does not count.
   */
  async waitForConnection(signal: AbortSignal): Promise<boolean> {
    const { connections } = this.#parts;
    for (;;) {
      if (connections.isPaused(this.#platform)) {
        this.renew();
        await connections.whenResumed(this.#platform, signal);
        if (signal.aborted) return false;
        continue;
      }
      if (this.#stuck?.overdue.signal.aborted === true) return false;
      if (connections.get(this.#platform) !== undefined) return true;
      const connection = await connections.wait(this.#platform, AbortSignal.any([signal, this.lose()]));
      if (!connections.isPaused(this.#platform)) return connection !== undefined;
    }
  }
}
