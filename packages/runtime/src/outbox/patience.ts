import type { Connections } from "../connections.ts";
import { timeLimited } from "../pause.ts";
import type { OutboxParts } from "./reply-keeper.ts";

/** How long it is tried to show something: an agent that takes long uses none of this time. */
export class Patience {
  readonly #parts: Pick<OutboxParts, "clock" | "deliveryMaxMs"> & { readonly connections: Connections };
  readonly #platform: string;
  /** Since when something cannot be shown; undefined while showing goes well. */
  #stuckSinceMs: number | undefined;

  constructor(parts: Pick<OutboxParts, "clock" | "deliveryMaxMs" | "connections">, platform: string) {
    this.#parts = parts;
    this.#platform = platform;
  }

  /** Something was shown. */
  renew(): void {
    this.#stuckSinceMs = undefined;
  }

  /** Resolves once the platform can be called: to false if it was waited for, or tried in vain, for too long, or until `signal`. */
  async waitForConnection(signal: AbortSignal): Promise<boolean> {
    const { clock, connections, deliveryMaxMs } = this.#parts;
    this.#stuckSinceMs ??= clock.now();
    const leftMs = this.#stuckSinceMs + deliveryMaxMs - clock.now();
    if (leftMs < 0) return false;
    if (connections.get(this.#platform) !== undefined) return true;
    const limit = timeLimited(signal, leftMs, clock);
    const connection = await connections.wait(this.#platform, limit.signal);
    limit.release();
    return connection !== undefined;
  }
}
