import type { Acceptance, Clock, Cursor, Json, PlatformEvent, PlatformHost } from "@hermes/core";

/** A gateway that remembers what it was given. */
export class TestHost implements PlatformHost {
  readonly events: PlatformEvent[] = [];
  readonly cursors: Cursor[] = [];
  readonly reports: string[] = [];
  readonly logs: string[] = [];
  readonly values = new Map<string, Json>();
  /** Asked before a batch is stored: throwing or waiting here is a store that cannot take it. */
  beforeAccept: (events: readonly PlatformEvent[]) => void | Promise<void> = () => undefined;
  readonly #seen = new Set<string>();

  readonly logger = {
    debug: (message: string): void => void this.logs.push(message),
    info: (message: string): void => void this.logs.push(message),
    warn: (message: string): void => void this.logs.push(message),
    error: (message: string): void => void this.logs.push(message),
  };

  readonly memory = {
    get: async (key: string): Promise<Json | undefined> => this.values.get(key),
    set: async (key: string, value: Json): Promise<void> => void this.values.set(key, value),
    delete: async (key: string): Promise<void> => void this.values.delete(key),
  };

  async accept(events: readonly PlatformEvent[], cursor?: Cursor): Promise<readonly Acceptance[]> {
    await this.beforeAccept(events);
    if (cursor !== undefined) {
      this.cursors.push(cursor);
      this.values.set(cursor.key, cursor.value);
    }
    return events.map((event) => {
      if (this.#seen.has(event.eventId)) return "duplicate";
      this.#seen.add(event.eventId);
      this.events.push(event);
      return "stored";
    });
  }

  report(state: "up" | "resuming" | "degraded", detail?: string): void {
    this.reports.push(detail === undefined ? state : `${state}: ${detail}`);
  }

  fetch(): Promise<Response> {
    throw new Error("Slack's adapter follows no foreign address");
  }

  /** The texts of the stored messages. */
  get texts(): readonly string[] {
    return this.events.flatMap((event) => (event.type === "message" ? [event.text] : []));
  }
}

/** A clock that stands still until it is told to go on. */
export class TestClock implements Clock {
  #nowMs = 1_767_225_600_000;
  readonly #wakes = new Map<() => void, number>();
  /** Called whenever somebody begins to wait. */
  onWait: () => void = () => undefined;

  now(): number {
    return this.#nowMs;
  }

  wakeAt(atMs: number, callback: () => void): () => void {
    this.#wakes.set(callback, atMs);
    this.onWait();
    return () => void this.#wakes.delete(callback);
  }

  /** How long the waiting ones wait, in milliseconds. */
  get waits(): readonly number[] {
    return [...this.#wakes.values()].map((atMs) => atMs - this.#nowMs);
  }

  /** Resolves once somebody waits. */
  async waiting(): Promise<number> {
    if (this.#wakes.size === 0) await new Promise<void>((resolve) => (this.onWait = resolve));
    return this.waits[0] ?? 0;
  }

  /** Lets the next one who waits go on, at its time. */
  async skip(): Promise<number> {
    const waitedMs = await this.waiting();
    this.#nowMs += waitedMs;
    for (const [callback, atMs] of this.#wakes) {
      if (atMs > this.#nowMs) continue;
      this.#wakes.delete(callback);
      callback();
    }
    return waitedMs;
  }
}
