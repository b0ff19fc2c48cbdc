import type { Connection } from "@hermes/core";

/** The live half of each platform, while there is one. */
export class Connections {
  readonly #live = new Map<string, Connection>();
  readonly #waiting = new Map<string, Set<(connection: Connection | undefined) => void>>();
  /** Platforms that somebody paused by hand. */
  readonly #paused = new Map<string, PromiseWithResolvers<void>>();

  get(platform: string): Connection | undefined {
    return this.#live.get(platform);
  }

  set(platform: string, connection: Connection): void {
    this.#live.set(platform, connection);
    this.#answer(platform, connection);
  }

  /** There will be none until it is resumed: whoever waits for one is told. */
  pause(platform: string): void {
    if (this.#paused.has(platform)) return;
    this.#paused.set(platform, Promise.withResolvers());
    this.#answer(platform, undefined);
  }

  resume(platform: string): void {
    this.#paused.get(platform)?.resolve();
    this.#paused.delete(platform);
  }

  isPaused(platform: string): boolean {
    return this.#paused.has(platform);
  }

  /** Resolves once the platform is not paused, or `signal` is aborted. */
  async whenResumed(platform: string, signal: AbortSignal): Promise<void> {
    const paused = this.#paused.get(platform);
    if (paused === undefined || signal.aborted) return;
    const aborted = Promise.withResolvers<void>();
    const abort = (): void => aborted.resolve();
    signal.addEventListener("abort", abort, { once: true });
    await Promise.race([paused.promise, aborted.promise]);
    signal.removeEventListener("abort", abort);
  }

  #answer(platform: string, connection: Connection | undefined): void {
    const waiting = this.#waiting.get(platform);
    this.#waiting.delete(platform);
    for (const resolve of waiting ?? []) resolve(connection);
  }

  /** Forgets `connection` unless another has taken its place. */
  remove(platform: string, connection: Connection): void {
    if (this.#live.get(platform) === connection) this.#live.delete(platform);
  }

  /** The platform's connection as soon as there is one; undefined once `signal` is aborted or the platform is paused. */
  async wait(platform: string, signal: AbortSignal): Promise<Connection | undefined> {
    const live = this.#live.get(platform);
    if (live !== undefined || signal.aborted) return live;
    const waiting = this.#waiting.get(platform) ?? new Set();
    this.#waiting.set(platform, waiting);
    return await new Promise((resolve) => {
      const arrived = (connection: Connection | undefined): void => {
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
