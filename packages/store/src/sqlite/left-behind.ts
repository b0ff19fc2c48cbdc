import type { PlatformEvent, SessionKey } from "@hermes/core";
import type { InterruptedTurn, UnsettledReply } from "@hermes/runtime";
import { parseTools, partsOf, placeOf, questionsOf, stateOf } from "./rows.ts";
import type { Statements } from "./statements.ts";
import { joinedOf } from "./turn-inputs.ts";
import { beforeOf } from "./turn-writes.ts";

interface Page {
  readonly afterId?: string;
  readonly limit: number;
}

/** Turns that were running when the process ended, oldest first. */
export function interruptedTurns(statements: Statements, { afterId = "", limit }: Page): readonly InterruptedTurn[] {
  return statements.runningTurns.all({ afterId, limit }).flatMap((row) =>
    row.body === null || row.sessionId === null || row.seq === null
      ? []
      : [
          {
            turnId: row.id,
            sessionId: row.sessionId,
            sessionKey: row.sessionKey as SessionKey,
            seq: row.seq,
            event: JSON.parse(row.body) as PlatformEvent,
            joined: joinedOf(statements, row.inputs),
            ...beforeOf(statements, statements.sessionById.get({ id: row.sessionId })?.cutOffTurnId),
            parts: partsOf(statements, row.id),
            tools: parseTools(row.tools),
            step: row.step ?? 0,
            ...stateOf(row),
            text: row.said ?? "",
            questions: questionsOf(statements, row.id),
          },
        ],
  );
}

/** Replies that have ended and are not yet shown whole, oldest first. */
export function unsettledReplies(statements: Statements, { afterId = "", limit }: Page): readonly UnsettledReply[] {
  return statements.unsettledTurns.all({ afterId, limit }).flatMap((row) => {
    const place = placeOf(row);
    if (place === undefined) return [];
    const reply = { replyId: row.id, sessionKey: row.sessionKey as SessionKey, ...place };
    return [{ ...reply, parts: partsOf(statements, row.id), sinceMs: row.endedAtMs ?? 0 }];
  });
}
