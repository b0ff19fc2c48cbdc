import type { Json } from "@hermes/core";

/** What one process leaves for the next to know of it. */
export interface Life {
  /** Counts the processes of this store. */
  readonly number: number;
  readonly startedAtMs: number;
  /** `young`: it began a moment ago. `settled`: it has lived for a while. `ended`: it stopped as planned. What is not `ended` crashed. */
  readonly state: "young" | "settled" | "ended";
  readonly endedAtMs?: number;
  /** So many processes in a row before it crashed while they were young. */
  readonly quickCrashes: number;
  /** The newest process before it that ended as planned; 0 = none. */
  readonly plannedLife: number;
  /** The newest reply by then. */
  readonly plannedReplyId?: string;
  /** Whoever looks after the gateway was told of the crashes that led to it. */
  readonly isTold: boolean;
}

/** A process that lives for so long does not crash because of how it starts. */
export const youngMs = 60_000;

/** The life that begins now, after `previous`. */
export function nextLife(previous: Life | undefined, lastReplyId: string | undefined, nowMs: number): Life {
  const begun = { startedAtMs: nowMs, state: "young" } as const;
  if (previous === undefined) return { ...begun, number: 1, quickCrashes: 0, plannedLife: 0, isTold: false };
  const number = previous.number + 1;
  const { plannedLife, plannedReplyId } = previous;
  const planned = { plannedLife, ...(plannedReplyId === undefined ? {} : { plannedReplyId }) };
  switch (previous.state) {
    case "ended":
      return {
        ...begun,
        number,
        quickCrashes: 0,
        plannedLife: previous.number,
        ...(lastReplyId === undefined ? {} : { plannedReplyId: lastReplyId }),
        isTold: false,
      };
    case "settled":
      return { ...begun, ...planned, number, quickCrashes: 0, isTold: false };
    case "young":
      return { ...begun, ...planned, number, quickCrashes: previous.quickCrashes + 1, isTold: previous.isTold };
  }
}

/** A life as it was kept; undefined for what is none. */
export function readLife(kept: Json | undefined): Life | undefined {
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return undefined;
  const life = kept as { readonly [K in keyof Life]?: unknown };
  const isOne = [life.number, life.startedAtMs, life.quickCrashes, life.plannedLife].every(Number.isSafeInteger);
  const states: readonly unknown[] = ["young", "settled", "ended"] satisfies readonly Life["state"][];
  return isOne && states.includes(life.state) ? (kept as unknown as Life) : undefined;
}
