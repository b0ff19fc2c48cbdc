import type { AgentEvent } from "@hermes/core";

/** Hands events from many who work at once to one who tells them. */
export class EventChannel {
  #events: AgentEvent[] = [];
  #isClosed = false;
  #wake = (): void => undefined;

  push(event: AgentEvent): void {
    if (this.#isClosed) return;
    this.#events.push(event);
    this.#wake();
  }

  /** Nothing more is taken; what is there is still told. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  async *events(): AsyncGenerator<AgentEvent, void> {
    for (;;) {
      yield* this.#events.splice(0);
      if (this.#events.length > 0) continue;
      if (this.#isClosed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
