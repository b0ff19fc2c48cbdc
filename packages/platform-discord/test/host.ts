import type { Acceptance, Cursor, Json, PlatformEvent, PlatformHost } from "@hermes/core";

/** A gateway that remembers what it was given. */
export class TestHost implements PlatformHost {
  readonly events: PlatformEvent[] = [];
  readonly reports: string[] = [];
  readonly logs: string[] = [];
  readonly values: Map<string, Json>;
  /** Asked before a batch is stored: throwing or waiting here is a store that cannot take it. */
  beforeAccept: (events: readonly PlatformEvent[]) => void | Promise<void> = () => undefined;
  /** What becomes of an event that is new. */
  verdict: (event: PlatformEvent) => Acceptance = () => "stored";
  readonly #seen: Set<string>;

  /** `before`: the same gateway's earlier life. */
  constructor(before?: TestHost) {
    this.values = new Map(before?.values);
    this.#seen = before === undefined ? new Set() : new Set(before.#seen);
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
    if (cursor !== undefined) this.values.set(cursor.key, cursor.value);
    return events.map((event) => {
      if (this.#seen.has(event.eventId)) return "duplicate";
      const verdict = this.verdict(event);
      if (verdict !== "stored") return verdict;
      this.#seen.add(event.eventId);
      this.events.push(event);
      return "stored";
    });
  }

  report(state: "up" | "resuming" | "degraded", detail?: string): void {
    this.reports.push(detail === undefined ? state : `${state}: ${detail}`);
  }

  fetch(): Promise<Response> {
    throw new Error("Discord's adapter follows no foreign address");
  }

  /** The texts of the stored messages. */
  get texts(): readonly string[] {
    return this.events.flatMap((event) => (event.type === "message" ? [event.text] : []));
  }

  of<Type extends PlatformEvent["type"]>(type: Type): readonly Extract<PlatformEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<PlatformEvent, { type: Type }> => event.type === type);
  }
}
