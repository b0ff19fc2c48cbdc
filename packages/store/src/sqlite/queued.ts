import type { MessageEvent, PlatformEvent, SessionKey } from "@hermes/core";
import type { NumberedEvent, IntakeWork, Store, WaitingMessage, QueuedEvent } from "@hermes/runtime";
import { changedMessage } from "@hermes/runtime";
import type { Statements } from "./statements.ts";

/** A chat with more people waiting than this is no chat: what is behind is left as it is. */
const maxInChat = 1000;
const beyond = Number.MAX_SAFE_INTEGER;

/** The messages that wait for their turn in a lane, oldest first. */
export function listQueued(statements: Statements, { sessionKey, limit }: Parameters<Store["listQueued"]>[0]): NumberedEvent[] {
  return statements.waitingTurns
    .all({ sessionKey, afterSeq: 0, limit })
    .flatMap(({ seq, body }) => (body === null ? [] : [{ seq, event: JSON.parse(body) as PlatformEvent }]));
}

/** The oldest command that waits in a lane. */
export function nextCommand(statements: Statements, sessionKey: SessionKey): QueuedEvent | undefined {
  const row = statements.nextCommandEvent.get({ sessionKey });
  if (row === undefined || row.body === null) return undefined;
  return { seq: row.seq, event: JSON.parse(row.body) as PlatformEvent, verdict: row.verdict, rule: row.rule };
}

/** Takes the messages that wait before `beforeSeq` in a lane out of it, or only somebody's own. */
export function dropQueued(
  statements: Statements,
  { sessionKey, beforeSeq, authorId }: Parameters<Store["dropQueued"]>[0],
): readonly NumberedEvent[] {
  const dropped = listQueued(statements, { sessionKey, limit: beyond }).filter(
    ({ seq, event }) => seq < beforeSeq && (authorId ?? event.origin.author.id) === event.origin.author.id,
  );
  for (const { seq } of dropped) statements.dropEvent.run({ seq });
  return dropped;
}

/** Gives a message that waits another text, or takes it out of its lane. */
export function changeQueued(statements: Statements, { sessionKey, seq, text }: Parameters<Store["changeQueued"]>[0]): boolean {
  const body = statements.waitingTurn.get({ sessionKey, seq })?.body ?? null;
  const event = body === null ? undefined : (JSON.parse(body) as PlatformEvent);
  if (event?.type !== "message") return false;
  rewrite(statements, seq, event, text);
  return true;
}

/** What people changed of messages that wait: answers them as they were. */
export function changeMessages(
  statements: Statements,
  { chatKey, messageIds, text }: Extract<IntakeWork, { kind: "change" }>,
  authorId: string,
): readonly WaitingMessage[] {
  const rows = statements.waitingInChat.all({ chatKey, below: `${chatKey}:`, above: `${chatKey};`, limit: maxInChat });
  return rows.flatMap(({ seq, sessionKey, body }): WaitingMessage[] => {
    const event = body === null ? undefined : (JSON.parse(body) as PlatformEvent);
    if (event?.type !== "message" || sessionKey === null || !messageIds.includes(event.messageId)) return [];
    // Only its author says what a message says; that it is gone, whoever may remove it there.
    if (text !== undefined && event.origin.author.id !== authorId) return [];
    rewrite(statements, seq, event, text);
    return [{ seq, event, sessionKey: sessionKey as SessionKey }];
  });
}

function rewrite(statements: Statements, seq: number, event: MessageEvent, text: string | undefined): void {
  const changed = changedMessage(event, text);
  if (changed === undefined) statements.dropEvent.run({ seq });
  else statements.rewriteEvent.run({ seq, body: JSON.stringify(changed) });
}
