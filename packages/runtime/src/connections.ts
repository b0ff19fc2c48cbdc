import type { Connection } from "@hermes/core";

/** The live half of each platform, while there is one. */
export class Connections {
  readonly #live = new Map<string, Connection>();
  readonly #waiting = new Map<string, Set<(connection: Connection) => void>>();

  get(platform: string): Connection | undefined {
    return this.#live.get(platform);
  }

  set(platform: string, connection: Connection): void {
    this.#live.set(platform, connection);
    const waiting = this.#waiting.get(platform);
    this.#waiting.delete(platform);
    for (const resolve of waiting ?? []) resolve(connection);
  }

  /** Forgets `connection` unless another has taken its place. */
  remove(platform: string, connection: Connection): void {
    if (this.#live.get(platform) === connection) this.#live.delete(platform);
  }

  /** The platform's connection as soon as there is one; undefined once `signal` is aborted. */
  async wait(platform: string, signal: AbortSignal): Promise<Connection | undefined> {
    const live = this.#live.get(platform);
    if (live !== undefined || signal.aborted) return live;
    const waiting = this.#waiting.get(platform) ?? new Set();
    this.#waiting.set(platform, waiting);
    return await new Promise((resolve) => {
      const arrived = (connection: Connection): void => {
        signal.removeEventListener("abort", ended);
        resolve(connection);
      };
      const ended = (): void => {
        waiting.delete(arrived);
        resolve(undefined);
      };
      waiting.add(arrived);
      signal.addEventListener("abort", ended, { once: true });
    });
  }
}
