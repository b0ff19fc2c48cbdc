import type { SessionKey } from "@hermes/core";
import type { EventBatch, EventIntake, QueuedLane } from "../store.ts";
import type { EventRow } from "./tables.ts";

/** What waits in one lane, oldest first. */
interface LaneRow {
  readonly turns: EventRow[];
  readonly commands: EventRow[];
}

/** What waits, by session, in the order of acceptance. */
export class WaitingEvents {
  readonly #lanes = new Map<SessionKey, LaneRow>();
  #seq = 0;

  /** The newest event's place in the order; 0 = none came yet. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Gives an event its place and answers it; of what does not wait nothing else is kept. */
  add({ platform, nowMs }: Pick<EventBatch, "platform" | "nowMs">, { event, verdict, rule, work }: EventIntake): number {
    this.#seq += 1;
    if (work.kind === "none" || work.kind === "answer") return this.#seq;
    const row: EventRow = { seq: this.#seq, platform, verdict, rule, event, atMs: nowMs };
    const lane = this.#lanes.get(work.sessionKey) ?? { turns: [], commands: [] };
    this.#lanes.set(work.sessionKey, lane);
    (work.kind === "turn" ? lane.turns : lane.commands).push(row);
    return this.#seq;
  }

  /** What waits in a lane, oldest first. */
  waiting(key: SessionKey): readonly EventRow[] {
    const { turns = [], commands = [] } = this.#lanes.get(key) ?? {};
    return [...turns, ...commands].toSorted((a, b) => a.seq - b.seq);
  }

  takeTurn(key: SessionKey): EventRow | undefined {
    const row = this.#lanes.get(key)?.turns.shift();
    this.#forgetIdle(key);
    return row;
  }

  nextCommand(key: SessionKey): EventRow | undefined {
    return this.#lanes.get(key)?.commands[0];
  }

  settleCommand(key: SessionKey, seq: number): void {
    const commands = this.#lanes.get(key)?.commands ?? [];
    const at = commands.findIndex((row) => row.seq === seq);
    if (at >= 0) commands.splice(at, 1);
    this.#forgetIdle(key);
  }

  /** Takes the turns before `beforeSeq` out and answers them. */
  drop(key: SessionKey, beforeSeq: number): readonly EventRow[] {
    const turns = this.#lanes.get(key)?.turns ?? [];
    const dropped = turns.filter((row) => row.seq < beforeSeq);
    turns.splice(0, turns.length, ...turns.filter((row) => row.seq >= beforeSeq));
    this.#forgetIdle(key);
    return dropped;
  }

  list(platform: string, afterKey: string, limit: number): readonly QueuedLane[] {
    return [...this.#lanes]
      .filter(([key, { turns, commands }]) => key > afterKey && (turns[0] ?? commands[0])?.platform === platform)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([sessionKey, { turns, commands }]) => ({
        sessionKey,
        turns: turns.length,
        commands: commands.length,
      }));
  }

  #forgetIdle(key: SessionKey): void {
    const lane = this.#lanes.get(key);
    if (lane?.turns.length === 0 && lane.commands.length === 0) this.#lanes.delete(key);
  }
}
