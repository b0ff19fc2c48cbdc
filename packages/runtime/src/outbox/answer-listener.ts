import type { AnswerEnding, Chat, Logger, Origin, ProgressEvent } from "@hermes/core";
import type { Connections } from "../connections.ts";

/** Tells whoever waits for an answer what happens besides what is shown, where their platform wants to know. */
export class AnswerListener {
  readonly #connections: Connections;
  readonly #logger: Logger;

  constructor({ connections, logger }: { readonly connections: Connections; readonly logger: Logger }) {
    this.#connections = connections;
    this.#logger = logger;
  }

  progress(chat: Chat, origin: Origin, event: ProgressEvent): void {
    this.#tell(chat, () => this.#connections.get(chat.ref.platform)?.noteProgress?.(chat, origin, event));
  }

  end(chat: Chat, origin: Origin, ending: AnswerEnding): void {
    this.#tell(chat, () => this.#connections.get(chat.ref.platform)?.endAnswer?.(chat, origin, ending));
  }

  /** An adapter with a fault here must not take the answer with it. */
  #tell({ ref }: Chat, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#logger.error(`[${ref.platform}] What it was told of an answer ended in ${String(error)}`);
    }
  }
}

/** Whether an agent's event is something besides speaking. */
export function isProgress(event: { readonly type: string }): event is ProgressEvent {
  return progressTypes.has(event.type);
}

const progressTypes: ReadonlySet<string> = new Set<ProgressEvent["type"]>(["tool-start", "tool-end", "reasoning-delta", "usage"]);
