import type { DeleteEvent, EditEvent, Logger } from "@hermes/core";
import type { Activity } from "../activity.ts";
import type { Hooks } from "../hooks.ts";
import { changedMessage } from "../changed-message.ts";
import type { Lanes } from "../lanes.ts";
import type { AnswerListener } from "../outbox/answer-listener.ts";
import type { WaitingMessage } from "../store.ts";
import type { BusyDesk } from "./busy-desk.ts";

/** What changes of messages are followed with. */
export interface MessageChangesParts {
  readonly lanes: Lanes;
  readonly answers: AnswerListener;
  readonly activity: Activity;
  readonly busy: BusyDesk;
  readonly hooks: Hooks;
  readonly logger: Logger;
}

/** Follows what people change of what they have sent, once that is stored: in the queue, in the turn that runs, or for hooks alone. */
export class MessageChanges {
  readonly #parts: MessageChangesParts;

  constructor(parts: MessageChangesParts) {
    this.#parts = parts;
  }

  /** `text`: what is left of it; `changed`: the messages that waited, as they were. */
  made(event: EditEvent | DeleteEvent, text: string | undefined, changed: readonly WaitingMessage[]): void {
    const { busy, hooks } = this.#parts;
    for (const each of changed) this.#follow(each, text);
    // Of an album one half may be answered while the other waits.
    const isRunning = busy.changed(event, text ?? "");
    const before = changed.flatMap((each) => (each.event.type === "message" ? [each.event] : []));
    hooks.tell({ type: "message-change", event, of: changed.length > 0 ? "queued" : isRunning ? "running" : "past", before });
  }

  #follow({ event, sessionKey }: WaitingMessage, text: string | undefined): void {
    const { lanes, answers, activity, logger } = this.#parts;
    activity.note(sessionKey);
    const isLeft = event.type === "message" && changedMessage(event, text) !== undefined;
    logger.debug(`[${event.chat.ref.platform}] ${event.eventId} was ${isLeft ? "changed" : "taken back"} while it waited`);
    if (isLeft) return;
    lanes.forget(sessionKey, 1);
    answers.end(event.chat, event.origin, "dropped");
  }
}
