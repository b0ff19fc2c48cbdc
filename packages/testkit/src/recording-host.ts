import type { Acceptance, Cursor, Json, PlatformEvent, PlatformHost } from "@hermes/core";

/** A gateway that remembers what a platform gave it, for tests of one adapter. */
export class RecordingHost implements PlatformHost {
  /** What was stored, in order; nothing twice. */
  readonly events: PlatformEvent[] = [];
  readonly cursors: Cursor[] = [];
  /** Each state with its detail: `resuming: the socket closed`. */
  readonly reports: string[] = [];
  readonly logs: string[] = [];
  /** What the platform remembers. */
  readonly values: Map<string, Json>;
  /** Asked before a batch is stored: throwing or waiting here is a store that cannot take it. */
  beforeAccept: (events: readonly PlatformEvent[]) => void | Promise<void> = () => undefined;
  /** What becomes of an event that is new. */
  verdict: (event: PlatformEvent) => Acceptance = () => "stored";
  /** Called whenever something was stored or reported. */
  onChange: () => void = () => undefined;
  /** What answers addresses from outside. Default: nobody may ask for any. */
  answer: (request: Request) => Promise<Response> = () => Promise.reject(new Error("This platform follows no foreign address"));
  readonly #seen: Set<string>;

  /** `before`: the same gateway's earlier life. */
  constructor(before?: RecordingHost) {
    this.values = new Map(before?.values);
    this.#seen = new Set(before === undefined ? [] : before.#seen);
  }

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
    const answers = events.map((event) => this.#take(event));
    this.onChange();
    return answers;
  }

  #take(event: PlatformEvent): Acceptance {
    if (this.#seen.has(event.eventId)) return "duplicate";
    const verdict = this.verdict(event);
    this.#seen.add(event.eventId);
    if (verdict === "stored") this.events.push(event);
    return verdict;
  }

  report(state: "up" | "resuming" | "degraded", detail?: string): void {
    this.reports.push(detail === undefined ? state : `${state}: ${detail}`);
    this.onChange();
  }

  fetch(request: Request): Promise<Response> {
    return this.answer(request);
  }

  /** The texts of the stored messages. */
  get texts(): readonly string[] {
    return this.of("message").map(({ text }) => text);
  }

  /** The stored events of one type. */
  of<Type extends PlatformEvent["type"]>(type: Type): readonly Extract<PlatformEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<PlatformEvent, { type: Type }> => event.type === type);
  }
}
