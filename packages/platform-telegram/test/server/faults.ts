import type { ServerResponse } from "node:http";
import { BotApiError } from "./bot-api-error.ts";
import { answer } from "./http.ts";

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
  | { readonly type: "raw"; readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection as soon as the call's head has come, however much of its body is on its way. */
  | { readonly type: "hang-up" }
  /** Sends so much of a file, and cuts the connection. */
  | { readonly type: "cut"; readonly afterBytes: number };

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

  /** The next fault of `method`; of a `type`, only where that is the next. */
  take(method: string, type?: Fault["type"]): Fault | undefined {
    const script = this.#scripts.get(method);
    return type === undefined || script?.[0]?.type === type ? script?.shift() : undefined;
  }

  clear(): void {
    this.#scripts.clear();
  }
}

/** Does what a fault says. `run` is what was asked for. */
export async function misbehave(fault: Fault, response: ServerResponse, run: () => Promise<unknown>): Promise<void> {
  switch (fault.type) {
    case "error":
      throw new BotApiError(fault.code, fault.description, fault.parameters);
    case "rate-limit":
      throw new BotApiError(429, `Too Many Requests: retry after ${fault.retryAfter}`, { retry_after: fault.retryAfter });
    case "drop":
      if (fault.when === "after") await run();
      response.destroy();
      return;
    case "hang":
      if (fault.acted) await run();
      return;
    case "delay":
      await fault.until;
      answer(response, await run());
      return;
    case "raw":
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(fault.body);
      return;
    case "hang-up":
    case "cut":
      response.destroy();
  }
}
