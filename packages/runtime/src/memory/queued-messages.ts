import type { PlatformEvent, SessionKey } from "@hermes/core";
import { changedMessage } from "../changed-message.ts";
import type { IntakeWork, NumberedEvent, Steering, Store, WaitingMessage } from "../store.ts";
import type { Conversations } from "./conversations.ts";
import type { EventBook } from "./event-book.ts";
import type { Replies } from "./replies.ts";
import type { EventRow } from "./tables.ts";
import type { WaitingEvents } from "./waiting-events.ts";

/** What people and running turns do with messages that wait. */
export class QueuedMessages {
  readonly #queue: WaitingEvents;
  readonly #events: EventBook;
  readonly #replies: Replies;
  readonly #conversations: Conversations;

  constructor(queue: WaitingEvents, events: EventBook, replies: Replies, conversations: Conversations) {
    this.#queue = queue;
    this.#events = events;
    this.#replies = replies;
    this.#conversations = conversations;
  }

  drop({ sessionKey, beforeSeq, authorId }: Parameters<Store["dropQueued"]>[0]): readonly NumberedEvent[] {
    const dropped = this.#queue.drop(sessionKey, beforeSeq, authorId);
    for (const { seq } of dropped) this.#events.enter(seq, "dropped");
    return dropped.map(numbered);
  }

  change(sessionKey: SessionKey, seq: number, text: string | undefined): boolean {
    const before = this.#queue.change(sessionKey, seq, text);
    if (before?.event.type !== "message") return false;
    if (changedMessage(before.event, text) === undefined) this.#events.enter(seq, "dropped");
    else this.#events.rewrite(seq, text ?? "");
    return true;
  }

  /** Only its author says what a message says; that it is gone, whoever may remove it there. */
  changeMessages(
    { chatKey, messageIds, text }: Extract<IntakeWork, { kind: "change" }>,
    { origin }: PlatformEvent,
  ): readonly WaitingMessage[] {
    return this.#queue.inChat(chatKey).flatMap(({ key: sessionKey, row: { seq, event } }) => {
      const isMeant = event.type === "message" && messageIds.includes(event.messageId);
      if (!isMeant || (text !== undefined && event.origin.author.id !== origin.author.id)) return [];
      this.change(sessionKey, seq, text);
      return [{ seq, event, sessionKey }];
    });
  }

  /** To a running turn. */
  give({ turnId, sessionKey, seqs, nowMs }: Steering): readonly NumberedEvent[] {
    const turn = this.#replies.find(turnId);
    if (turn?.state !== "running" || turn.sessionId === undefined) return [];
    const rows = seqs.flatMap((seq) => this.#queue.take(sessionKey, seq) ?? []);
    turn.steered = [...turn.steered, ...rows.map((row) => ({ row, isKnown: false }))];
    for (const { seq, event } of rows) {
      this.#events.enter(seq, "taken", turnId);
      this.remember(turn.sessionId, turnId, event, nowMs);
    }
    return rows.map(numbered);
  }

  /** From a turn that is taken up again: what its last checkpoint does not know of. */
  takeBack(turnId: string): readonly NumberedEvent[] {
    const turn = this.#replies.find(turnId);
    if (turn?.state !== "running" || turn.sessionId === undefined) return [];
    const unknown = turn.steered.filter(({ isKnown }) => !isKnown);
    turn.steered = turn.steered.filter((each) => !unknown.includes(each));
    for (const { row } of unknown) {
      this.#queue.putBack(turn.sessionKey, row);
      this.#events.enter(row.seq, "waiting");
      this.#conversations.unremember(turn.sessionId, turnId, row.event.eventId);
    }
    return unknown.map(({ row }) => numbered(row));
  }

  remember(sessionId: string, turnId: string, event: PlatformEvent, atMs: number): void {
    if (event.type !== "message") return;
    this.#conversations.remember(sessionId, { role: "user", text: event.text, turnId, eventId: event.eventId, atMs });
  }
}

/** An event that waits or waited, as it is told. */
export function numbered({ seq, event }: EventRow): NumberedEvent {
  return { seq, event };
}
