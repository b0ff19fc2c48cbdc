/** What the server does instead of, or besides, what it was asked. */
export type Fault =
  | {
      readonly type: "error";
      readonly code: number;
      readonly description: string;
      readonly parameters?: Readonly<Record<string, number>>;
    }
  /** 429 with `retry_after`, in seconds. */
  | { readonly type: "rate-limit"; readonly retryAfter: number }
  /** Cuts the connection without an answer, before or after acting. */
  | { readonly type: "drop"; readonly when: "before" | "after" }
  /** Never answers; `acted` says whether the request took effect. */
  | { readonly type: "hang"; readonly acted: boolean }
  /** Answers once `until` is settled. */
  | { readonly type: "delay"; readonly until: Promise<unknown> }
  /** Answers with these bytes. */
  | { readonly type: "raw"; readonly status: number; readonly body: string };

/** What is to go wrong next, per method. */
export class Faults {
  readonly #scripts = new Map<string, Fault[]>();

  /** The next `times` calls of `method` go wrong; scripts queue up. */
  add(method: string, fault: Fault, times = 1): void {
    const key = method.toLowerCase();
    const script = this.#scripts.get(key) ?? [];
    for (let count = 0; count < times; count++) script.push(fault);
    this.#scripts.set(key, script);
  }

  take(method: string): Fault | undefined {
    return this.#scripts.get(method)?.shift();
  }

  clear(): void {
    this.#scripts.clear();
  }
}
