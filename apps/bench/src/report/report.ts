/** What one benchmark found. */
export interface Report {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  /** What a reader must know to judge the numbers. */
  readonly remarks: readonly string[];
  /** The numbers, for `--json`. */
  readonly data: unknown;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** The first cell names the row; the others are right-aligned. */
  readonly rows: readonly (readonly string[])[];
}

export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
  /** A guard: missing it makes the run fail. */
  readonly mustHold?: boolean;
}

/** A goal that a number stays at or below a limit. */
export function atMost(what: string, measured: number, limit: number, unit: string): Goal {
  return { what, wanted: `≤ ${limit} ${unit}`, measured: `${digits(measured)} ${unit}`, met: measured <= limit };
}

/** A goal that a number reaches at least a limit. */
export function atLeast(what: string, measured: number, limit: number, unit: string): Goal {
  return { what, wanted: `≥ ${limit} ${unit}`, measured: `${digits(measured)} ${unit}`, met: measured >= limit };
}

/** A number with three significant digits, whole from 100 on. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 100 ? String(Math.round(value)) : Number(value.toPrecision(3)).toString();
}
