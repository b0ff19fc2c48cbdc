import { randomBytes } from "node:crypto";
import type { Clock } from "@hermes/core";

/** Makes ids that sort by the moment they were made, also within one millisecond. */
export interface Ids {
  turn(): string;
  session(): string;
  /** Ids of an earlier process sort before those of this one, also where the clock was set back in between. */
  startAfter(id: string): void;
}

/** Ids by this clock; a clock that is set back does not make them smaller. */
export function createIds(clock: Clock): Ids {
  let lastMs = 0;
  let count = 0;
  const next = (prefix: string): string => {
    const nowMs = Math.max(clock.now(), lastMs);
    count = nowMs === lastMs ? count + 1 : 0;
    lastMs = nowMs;
    return `${prefix}_${nowMs.toString(36).padStart(9, "0")}${count.toString(36).padStart(4, "0")}${randomPart()}`;
  };
  return {
    turn: () => next("turn"),
    session: () => next("session"),
    startAfter(id) {
      const [, ms, counted] = /^[a-z]+_([0-9a-z]{9})([0-9a-z]{4})/u.exec(id) ?? [];
      if (ms === undefined || counted === undefined || Number.parseInt(ms, 36) < lastMs) return;
      lastMs = Number.parseInt(ms, 36);
      count = Number.parseInt(counted, 36);
    },
  };
}

// Drawn in blocks: one system call serves many ids.
let pool = Buffer.alloc(0);
let used = 0;

function randomPart(): string {
  if (used + 8 > pool.length) {
    pool = randomBytes(1024);
    used = 0;
  }
  used += 8;
  return pool.toString("hex", used - 8, used);
}
