/** What becomes of messages that came while a platform, or the whole gateway, was away. */
export interface BacklogPolicy {
  /** Shorter absences are not worth a word. Default 10 minutes. */
  readonly tellAfterMs?: number;
  /** What is older is not answered any more; people are told. Default 24 hours. */
  readonly maxAgeMs?: number;
}

/** The policy where nothing else is said. */
export const defaultBacklogPolicy: Required<BacklogPolicy> = { tellAfterMs: 10 * 60_000, maxAgeMs: 24 * 60 * 60_000 };
