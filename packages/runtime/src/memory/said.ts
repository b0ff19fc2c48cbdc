import type { Part, PlatformEvent } from "@hermes/core";
import type { SaidEntry, SaidNotice } from "../store.ts";
import type { RememberedEntry, TurnRow } from "./tables.ts";

/** Something that was said, with what is still known of its turn. */
export function saidEntry(
  { id, role, text, turnId, atMs, sessionId, eventId }: RememberedEntry & { readonly sessionId: string },
  turn: TurnRow | undefined,
): SaidEntry {
  const isFirst = role === "user" && turn?.source !== undefined && eventId === turn.source.event.eventId;
  const brought = eventId ?? turn?.source?.event.eventId;
  return {
    id,
    role,
    text,
    turnId,
    atMs,
    sessionId,
    ...(brought === undefined ? {} : { eventId: brought }),
    ...(turn === undefined ? {} : { turnState: turn.state }),
    ...(turn === undefined || turn.steps.length === 0 ? {} : { steps: turn.steps }),
    ...(isFirst ? { event: turn.source.event } : {}),
    notices: isFirst ? noticesIn(turn) : [],
  };
}

/** What a turn ends with: it has the event that began the turn. */
export function answerIn({ id, source }: TurnRow, text: string, atMs: number): Omit<RememberedEntry, "id"> {
  return { role: "assistant", text, turnId: id, atMs, ...(source === undefined ? {} : { eventId: source.event.eventId }) };
}

/** Something the gateway itself said. */
export function saidNotice(turn: TurnRow, event: PlatformEvent | undefined): SaidNotice {
  const text = partsOf(turn).map(textOf).join("\n\n");
  return { replyId: turn.id, text, atMs: turn.startedAtMs, ...(event === undefined ? {} : { event }) };
}

function noticesIn(turn: TurnRow): readonly SaidNotice[] {
  return partsOf(turn)
    .filter((part) => part.kind !== "text" && textOf(part) !== "")
    .map((part) => ({ replyId: turn.id, text: textOf(part), atMs: part.firstShownAtMs ?? turn.startedAtMs }));
}

function partsOf(turn: TurnRow): readonly Part[] {
  return [...turn.parts.values()].toSorted((a, b) => a.index - b.index);
}

function textOf({ state, shown, desired }: Part): string {
  return (state === "sent" ? shown : desired).join("\n\n");
}
