import type { AnswerEnding, Chat, Connection, Logger, Origin, Platform, ProgressEvent } from "@hermes/core";
import type { Connections } from "../connections.ts";
import type { StatusMarks } from "../turn/status-marks.ts";

/** What is listened with. */
export interface AnswerListenerParts {
  readonly connections: Connections;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly marks: StatusMarks;
  readonly logger: Logger;
}

/** Tells whoever waits for an answer what happens besides what is shown, where their platform wants to know. */
export class AnswerListener {
  readonly #parts: AnswerListenerParts;
  /** Aborted by nobody: what waits for a connection goes with the gateway. */
  readonly #never = new AbortController().signal;

  constructor(parts: AnswerListenerParts) {
    this.#parts = parts;
  }

  progress(chat: Chat, origin: Origin, event: ProgressEvent): void {
    this.#tell(chat, () => this.#parts.connections.get(chat.ref.platform)?.noteProgress?.(chat, origin, event));
  }

  /** Told at once, or as soon as the platform is connected again: it is told only once. */
  end(chat: Chat, origin: Origin, ending: AnswerEnding): void {
    const { connections, platforms, marks } = this.#parts;
    const { platform } = chat.ref;
    marks.end(origin, ending);
    if (platforms.get(platform)?.capabilities.answerEnds !== true) return;
    const connection = connections.get(platform);
    if (connection !== undefined) this.#tell(chat, () => connection.endAnswer?.(chat, origin, ending));
    else void this.#connection(platform).then((later) => this.#tell(chat, () => later.endAnswer?.(chat, origin, ending)));
  }

  async #connection(platform: string): Promise<Connection> {
    const { connections } = this.#parts;
    for (;;) {
      await connections.whenResumed(platform, this.#never);
      const connection = await connections.wait(platform, this.#never);
      if (connection !== undefined) return connection;
    }
  }

  /** An adapter with a fault here must not take the answer with it. */
  #tell({ ref }: Chat, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#parts.logger.error(`[${ref.platform}] What it was told of an answer ended in ${String(error)}`);
    }
  }
}

/** Whether an agent's event is something besides speaking. */
export function isProgress(event: { readonly type: string }): event is ProgressEvent {
  return progressTypes.has(event.type);
}

const progressTypes: ReadonlySet<string> = new Set<ProgressEvent["type"]>(["tool-start", "tool-end", "reasoning-delta", "usage"]);
