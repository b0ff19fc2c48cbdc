import type { SessionKey } from "@hermes/core";
import { changedMessage } from "../changed-message.ts";
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
    if (work.kind !== "turn" && work.kind !== "command") return this.#seq;
    const joins = work.kind === "turn" && work.joins === true;
    const row: EventRow = { seq: this.#seq, platform, verdict, rule, event, atMs: nowMs, joins };
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

  /** The messages that wait for their turn in a lane, oldest first. */
  turns(key: SessionKey): readonly EventRow[] {
    return this.#lanes.get(key)?.turns ?? [];
  }

  /** Takes the oldest message out, with those of the same person that join it. */
  takeTogether(key: SessionKey): readonly EventRow[] {
    const turns = this.#lanes.get(key)?.turns ?? [];
    const author = turns[0]?.event.origin.author.id;
    const end = turns.findIndex((row, index) => index > 0 && !(row.joins && row.event.origin.author.id === author));
    const together = turns.splice(0, end === -1 ? turns.length : end);
    this.#forgetIdle(key);
    return together;
  }

  /** Takes one message out, wherever it stands. */
  take(key: SessionKey, seq: number): EventRow | undefined {
    const turns = this.#lanes.get(key)?.turns ?? [];
    const at = turns.findIndex((row) => row.seq === seq);
    const [row] = at === -1 ? [] : turns.splice(at, 1);
    this.#forgetIdle(key);
    return row;
  }

  /** It waits again, where it stood. */
  putBack(key: SessionKey, row: EventRow): void {
    const lane = this.#lanes.get(key) ?? { turns: [], commands: [] };
    this.#lanes.set(key, lane);
    lane.turns.push(row);
    lane.turns.sort((a, b) => a.seq - b.seq);
  }

  /** Gives a message that waits another text, or takes it out; answers it as it was. */
  change(key: SessionKey, seq: number, text: string | undefined): EventRow | undefined {
    const row = this.turns(key).find((each) => each.seq === seq);
    if (row?.event.type !== "message") return undefined;
    this.take(key, seq);
    const event = changedMessage(row.event, text);
    if (event !== undefined) this.putBack(key, { ...row, event });
    return row;
  }

  /** The messages that wait in the lanes whose keys are `chatKey` or begin with it and a colon. */
  inChat(chatKey: SessionKey): readonly { readonly key: SessionKey; readonly row: EventRow }[] {
    return [...this.#lanes]
      .filter(([key]) => key === chatKey || key.startsWith(`${chatKey}:`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, { turns }]) => turns.map((row) => ({ key, row })));
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

  /** Takes the turns before `beforeSeq` out, or only somebody's own, and answers them. */
  drop(key: SessionKey, beforeSeq: number, authorId: string | undefined): readonly EventRow[] {
    const turns = this.#lanes.get(key)?.turns ?? [];
    const isMeant = ({ seq, event }: EventRow): boolean =>
      seq < beforeSeq && (authorId ?? event.origin.author.id) === event.origin.author.id;
    const dropped = turns.filter(isMeant);
    turns.splice(0, turns.length, ...turns.filter((row) => !isMeant(row)));
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
