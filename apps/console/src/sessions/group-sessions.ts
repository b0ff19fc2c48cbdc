import type { SessionInfo } from "@hermes/protocol";

/** How long ago something was last said. */
export type Age = "today" | "yesterday" | "week" | "older";

/** Conversations of one age. */
export interface SessionGroup {
  readonly age: Age;
  readonly rows: readonly SessionInfo[];
}

const dayMs = 86_400_000;

/** Conversations by the day something was last said, by the calendar of where the browser is. */
export function groupSessions(rows: readonly SessionInfo[], nowMs: number): readonly SessionGroup[] {
  const groups: { age: Age; rows: SessionInfo[] }[] = [];
  for (const row of rows) {
    const age = ageOf(Date.parse(row.updated_at), nowMs);
    const last = groups.at(-1);
    if (last?.age === age) last.rows.push(row);
    else groups.push({ age, rows: [row] });
  }
  return groups;
}

function ageOf(atMs: number, nowMs: number): Age {
  const midnight = new Date(nowMs).setHours(0, 0, 0, 0);
  if (atMs >= midnight) return "today";
  // A day with a change of the clock has 23 hours: half a day back is surely the day before.
  const before = new Date(midnight - dayMs / 2).setHours(0, 0, 0, 0);
  if (atMs >= before) return "yesterday";
  return atMs >= midnight - 7 * dayMs ? "week" : "older";
}
