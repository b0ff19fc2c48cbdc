/** Something that only a person can decide: a pairing or an approval. */
export interface WaitingDecision {
  readonly id: string;
  readonly kind: "pairing" | "approval";
  readonly title: string;
  readonly atMs: number;
}

/** What waits for somebody's word. The gateway's methods have nothing of the kind yet: this is the one place that will ask it. */
export function useWaiting(): readonly WaitingDecision[] {
  return none;
}

const none: readonly WaitingDecision[] = [];
