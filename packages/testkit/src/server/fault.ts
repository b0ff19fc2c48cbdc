/** What the server does instead of, or besides, what it was asked. */
export type ServerFault =
  /** 429 with `retry-after`. `body` as the platform words it. */
  | { readonly type: "rate-limit"; readonly retryAfterSeconds: number; readonly body?: unknown }
  /** A refusal or a server error, without acting. */
  | {
      readonly type: "error";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Cuts the connection without an answer, before or after acting. */
  | { readonly type: "drop"; readonly when: "before" | "after" }
  /** Never answers; `acted` says whether the request took effect. */
  | { readonly type: "hang"; readonly acted: boolean }
  /** Acts and answers once `until` is settled. */
  | { readonly type: "delay"; readonly until: Promise<unknown> }
  /** Acts, and answers with bytes that mean nothing. */
  | { readonly type: "garbage"; readonly status?: number; readonly body?: string }
  /** Acts, and cuts the connection after that many bytes of the answer's body. */
  | { readonly type: "cut"; readonly afterBytes: number };

/** What is to go wrong next, by operation. */
export interface FaultScript {
  /** The next `times` calls of `operation` go wrong; scripts queue up. `*`: of any operation that has no script of its own. */
  add(operation: string, fault: ServerFault, times?: number): void;
  take(operation: string): ServerFault | undefined;
  clear(): void;
}

/** An empty script. */
export function createFaultScript(): FaultScript {
  const queues = new Map<string, ServerFault[]>();
  return {
    add(operation, fault, times = 1) {
      const queue = queues.get(operation) ?? [];
      for (let count = 0; count < times; count += 1) queue.push(fault);
      queues.set(operation, queue);
    },
    take: (operation) => queues.get(operation)?.shift() ?? queues.get("*")?.shift(),
    clear: () => queues.clear(),
  };
}
