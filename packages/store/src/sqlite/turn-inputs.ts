import type { PlatformEvent } from "@hermes/core";
import type { NumberedEvent, Steering } from "@hermes/runtime";
import type { Statements } from "./statements.ts";

/** What a turn was given beside the message that began it. */
export interface TurnInputs {
  /** At its beginning. */
  readonly joined: readonly number[];
  /** While it ran, and whether its agent has made a checkpoint since. */
  readonly steered: readonly { readonly seq: number; readonly isKnown: boolean }[];
}

const none: TurnInputs = { joined: [], steered: [] };

/** What the `turns` table keeps of it. */
export function parseInputs(json: string | null | undefined): TurnInputs {
  return json === null || json === undefined ? none : (JSON.parse(json) as TurnInputs);
}

/** What joined the message that a turn began with, as far as it is still kept. */
export function joinedOf(statements: Statements, json: string | null): readonly NumberedEvent[] {
  return parseInputs(json).joined.flatMap((seq) => {
    const body = statements.eventBody.get({ seq })?.body ?? null;
    return body === null ? [] : [{ seq, event: JSON.parse(body) as PlatformEvent }];
  });
}

/** Gives messages that wait to a running turn. */
export function takeSteering(statements: Statements, { turnId, sessionKey, seqs, nowMs }: Steering): readonly NumberedEvent[] {
  const turn = statements.turnInputs.get({ id: turnId });
  if (turn?.state !== "running" || turn.sessionId === null) return [];
  const { sessionId } = turn;
  const taken = seqs.flatMap((seq): NumberedEvent[] => {
    const body = statements.waitingTurn.get({ sessionKey, seq })?.body ?? null;
    if (body === null) return [];
    const event = JSON.parse(body) as PlatformEvent;
    statements.takeEvent.run({ seq, replyId: turnId });
    const text = event.type === "message" ? event.text : "";
    statements.insertEntry.run({ sessionId, turnId, role: "user", text, eventId: event.eventId, atMs: nowMs });
    return [{ seq, event }];
  });
  const { joined, steered } = parseInputs(turn.inputs);
  const inputs: TurnInputs = { joined, steered: [...steered, ...taken.map(({ seq }) => ({ seq, isKnown: false }))] };
  if (taken.length > 0) statements.noteInputs.run({ id: turnId, inputs: JSON.stringify(inputs) });
  return taken;
}

/** Its agent has made a checkpoint: what it took it knows of, whatever happens. */
export function keepSteering(statements: Statements, turnId: string, json: string | null): void {
  const { joined, steered } = parseInputs(json);
  if (steered.every(({ isKnown }) => isKnown)) return;
  const inputs: TurnInputs = { joined, steered: steered.map(({ seq }) => ({ seq, isKnown: true })) };
  statements.noteInputs.run({ id: turnId, inputs: JSON.stringify(inputs) });
}

/** What its agent took since the last checkpoint it does not know of: it waits again. */
export function returnSteering(statements: Statements, turnId: string): readonly NumberedEvent[] {
  const turn = statements.turnInputs.get({ id: turnId });
  if (turn?.state !== "running") return [];
  const { joined, steered } = parseInputs(turn.inputs);
  const known = steered.filter(({ isKnown }) => isKnown);
  if (known.length === steered.length) return [];
  statements.noteInputs.run({ id: turnId, inputs: JSON.stringify({ joined, steered: known } satisfies TurnInputs) });
  const unknown = steered.filter((each) => !known.includes(each));
  return unknown.flatMap(({ seq }): NumberedEvent[] => {
    const body = statements.returnEvent.get({ seq, replyId: turnId })?.body ?? null;
    if (body === null) return [];
    const event = JSON.parse(body) as PlatformEvent;
    statements.forgetEntryOf.run({ turnId, eventId: event.eventId });
    return [{ seq, event }];
  });
}

/** SQL: the numbers of the events that turns were given beside those that began them. `which` chooses the turns, and stands there twice. */
export function besideOf(which: string): string {
  return `SELECT value FROM turns, json_each(turns.inputs, '$.joined') WHERE turns.inputs IS NOT NULL AND ${which}
          UNION ALL SELECT json_extract(value, '$.seq') FROM turns, json_each(turns.inputs, '$.steered') WHERE turns.inputs IS NOT NULL AND ${which}`;
}
