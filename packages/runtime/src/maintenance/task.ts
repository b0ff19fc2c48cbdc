/** Something that is done again and again off the way of messages. */
export interface MaintenanceTask {
  /** What it is known by: small letters, digits and `-`. */
  readonly name: string;
  /** From the end of one run to the beginning of the next. */
  readonly everyMs: number;
  /** From the start to the first run. Default: spread over the first minute, and no later than `everyMs`. */
  readonly firstAfterMs?: number;
  /** One run. Answers what it did, in a few words; what it throws is noted and logged, and the next run comes all the same. */
  run(work: MaintenanceWork): Promise<string | undefined>;
}

/** What a run is given. */
export interface MaintenanceWork {
  /** Aborted at a stop: end at once. */
  readonly signal: AbortSignal;
  /** To be awaited between two slices of a long run, so that messages come in between. */
  readonly breathe: () => Promise<void>;
}

/** How a run ended. */
export type MaintenanceResult =
  | { readonly ok: true; readonly summary?: string }
  /** `failure`: what was thrown, as a sentence. */
  | { readonly ok: false; readonly failure: string };

/** What is known of a task. */
export interface MaintenanceFacts {
  readonly name: string;
  readonly everyMs: number;
  readonly isRunning: boolean;
  /** Runs that have ended since the gateway started, and how many of them failed. */
  readonly runs: number;
  readonly failures: number;
  /** When the newest run began, also one that is not over yet. */
  readonly startedAtMs?: number;
  /** Of the newest run that is over. */
  readonly durationMs?: number;
  readonly result?: MaintenanceResult;
  /** When the next run begins; absent while one runs, and once the gateway stops. */
  readonly nextAtMs?: number;
}
