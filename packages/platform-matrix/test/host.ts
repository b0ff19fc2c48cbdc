import type { Acceptance, Clock, Cursor, Json, PlatformEvent, PlatformHost } from "@hermes/core";

/** A gateway that remembers what it was given. */
export class TestHost implements PlatformHost {
  readonly events: PlatformEvent[] = [];
  readonly cursors: Cursor[] = [];
  readonly reports: string[] = [];
  readonly logs: string[] = [];
  readonly fetched: Request[] = [];
  readonly values: Map<string, Json>;
  /** Called whenever something was stored or reported. */
  onChange: () => void = () => undefined;
  /** Asked before a batch is stored: throwing or waiting here is a store that cannot take it. */
  beforeAccept: (events: readonly PlatformEvent[]) => void | Promise<void> = () => undefined;
  /** Whom the gateway does not let in. */
  readonly strangers = new Set<string>();
  /** The ids of all events that were offered, whatever became of them. */
  readonly seen: Set<string>;

  /** @param before What a process before this one remembered. */
  constructor(before?: TestHost) {
    this.values = before?.values ?? new Map();
    this.seen = before?.seen ?? new Set();
  }

  readonly logger = {
    debug: (message: string): void => void this.logs.push(`debug ${message}`),
    info: (message: string): void => void this.logs.push(`info ${message}`),
    warn: (message: string): void => void this.logs.push(`warn ${message}`),
    error: (message: string): void => void this.logs.push(`error ${message}`),
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
    const answers = events.map((event): Acceptance => {
      if (this.seen.has(event.eventId)) return "duplicate";
      this.seen.add(event.eventId);
      if (this.strangers.has(event.origin.author.id)) return "refused";
      this.events.push(event);
      return "stored";
    });
    this.onChange();
    return answers;
  }

  report(state: "up" | "resuming" | "degraded", detail?: string): void {
    this.reports.push(detail === undefined ? state : `${state}: ${detail}`);
    this.onChange();
  }

  async fetch(request: Request): Promise<Response> {
    this.fetched.push(request);
    return fetch(request, { headers: { connection: "close" } });
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
  #onWait: () => void = () => undefined;

  now(): number {
    return this.#nowMs;
  }

  wakeAt(atMs: number, callback: () => void): () => void {
    this.#wakes.set(callback, atMs);
    this.#onWait();
    return () => void this.#wakes.delete(callback);
  }

  get pending(): number {
    return this.#wakes.size;
  }

  pass(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  /** Lets whoever waits next go on, at its time; resolves with how long it waited, in milliseconds. */
  async skip(): Promise<number> {
    if (this.#wakes.size === 0) await new Promise<void>((resolve) => (this.#onWait = resolve));
    const atMs = Math.min(...this.#wakes.values());
    const waitedMs = atMs - this.#nowMs;
    this.#nowMs = Math.max(this.#nowMs, atMs);
    for (const [callback, dueMs] of this.#wakes) {
      if (dueMs > this.#nowMs) continue;
      this.#wakes.delete(callback);
      callback();
    }
    return waitedMs;
  }
}
