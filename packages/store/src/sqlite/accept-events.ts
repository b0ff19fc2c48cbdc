import type { Accepted, EventBatch } from "@hermes/runtime";
import { changeMessages } from "./queued.ts";
import { eventRow } from "./rows.ts";
import type { Statements } from "./statements.ts";
import { giveAnswer, noteAnswer } from "./turn-writes.ts";

/** Stores a batch with its cursor. `rows` are made of it before the queue of writes is held. */
export function acceptEvents(
  statements: Statements,
  batch: EventBatch,
  rows: readonly ReturnType<typeof eventRow>[],
): readonly Accepted[] {
  const accepted = batch.intakes.map((intake, index): Accepted => {
    const inserted = statements.insertEvent.get(rows[index] ?? eventRow(batch, intake));
    if (inserted === undefined) return { status: "duplicate" };
    const { seq } = inserted;
    if (intake.work.kind === "change") {
      const changed = changeMessages(statements, intake.work, intake.event.origin.author.id);
      return { status: "stored", seq, work: "change", changed };
    }
    if (intake.work.kind !== "answer") return { status: "stored", seq, work: intake.work.kind };
    if (giveAnswer(statements, intake.work)) {
      noteAnswer(statements, intake.work.turnId, intake.event, batch.nowMs);
      return { status: "stored", seq, work: "answer" };
    }
    if (intake.work.ifLate === "nothing") return { status: "stored", seq, work: "none" };
    statements.queueEvent.run({ seq });
    return { status: "stored", seq, work: "turn" };
  });
  if (batch.cursor !== undefined) {
    const { key, value } = batch.cursor;
    statements.writeMemory.run({ platform: batch.platform, key, value: JSON.stringify(value), expiresAtMs: null });
  }
  return accepted;
}
