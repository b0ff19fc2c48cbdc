/** What a connection says of itself. */
export type Transport = "up" | "resuming" | "degraded";

/** All that is known of a connection that is there; a fact that is missing never speaks against it. */
export interface HealthFacts {
  readonly transport: Transport;
  /** Since when it says that. */
  readonly transportSinceMs: number;
  /** When the adapter last said anything of the transport. */
  readonly heardAtMs: number;
  /** The adapter promised to say something at least this often while it is up. */
  readonly reportsEveryMs: number | undefined;
  /** When anything last came in. */
  readonly cameInAtMs: number | undefined;
  /** Calls in a row, up to the last one, that got no answer from the platform. */
  readonly unanswered: { readonly count: number; readonly firstAtMs: number; readonly lastAtMs: number } | undefined;
}

/** Whether a connection that is there is alive. */
export type Health =
  | { readonly verdict: "healthy" }
  | { readonly verdict: "suspect"; readonly why: string }
  | { readonly verdict: "zombie"; readonly why: string };

/** So many calls in a row without an answer, over this time, and nothing that came in since the first. */
const unansweredSuspect = 3;
const unansweredDead = 5;
const unansweredSpanMs = 60_000;
/** What was not answered so long ago says nothing about now. */
const unansweredFadesMs = 10 * 60_000;
/** A transport that is not up, and of which nothing is heard. */
const silentSuspectMs = 2 * 60_000;
const silentDeadMs = 10 * 60_000;
/** A transport that resumes and resumes, however often it says so. */
const resumingDeadMs = 15 * 60_000;
/** A promise to report is broken after so many times its span, and not before a minute. */
const missedSuspect = 2;
const missedDead = 3;
const leastMissedMs = 60_000;

const healthy: Health = { verdict: "healthy" };

/**
 * Judges a connection by what is known of it. Silence alone never counts: nobody writes on a quiet Sunday, and that is healthy. What
 * counts is a call that got no answer, a trouble that the adapter itself reported and of which it says no more, and a promise to report
 * that is broken. Whatever comes in proves that the connection hears: such a one may be suspected for what it cannot send, but ending it
 * would lose what works.
 */
export function judge(facts: HealthFacts, nowMs: number): Health {
  return worst([judgeCalls(facts, nowMs), judgeTrouble(facts, nowMs), judgePromise(facts, nowMs)]);
}

function judgeCalls({ unanswered, cameInAtMs }: HealthFacts, nowMs: number): Health {
  if (unanswered === undefined || unanswered.count < unansweredSuspect) return healthy;
  const { count, firstAtMs, lastAtMs } = unanswered;
  if (nowMs - lastAtMs > unansweredFadesMs) return healthy;
  const why = `${count} calls in a row got no answer`;
  // What came in before the first of them is what they answer, and proves nothing.
  const hears = cameInAtMs !== undefined && cameInAtMs > firstAtMs;
  const isDead = count >= unansweredDead && lastAtMs - firstAtMs >= unansweredSpanMs && !hears;
  return { verdict: isDead ? "zombie" : "suspect", why };
}

function judgeTrouble({ transport, transportSinceMs, heardAtMs, cameInAtMs }: HealthFacts, nowMs: number): Health {
  if (transport === "up") return healthy;
  const troubledMs = nowMs - transportSinceMs;
  const silentMs = nowMs - Math.max(heardAtMs, cameInAtMs ?? 0);
  const hears = cameInAtMs !== undefined && cameInAtMs >= transportSinceMs;
  if (transport === "resuming" && troubledMs >= resumingDeadMs && !hears)
    return { verdict: "zombie", why: `it has been resuming for ${minutes(troubledMs)}` };
  if (silentMs < silentSuspectMs) return healthy;
  const why = `it is ${transport}, and has said nothing for ${minutes(silentMs)}`;
  return { verdict: silentMs >= silentDeadMs ? "zombie" : "suspect", why };
}

function judgePromise({ transport, reportsEveryMs, heardAtMs, cameInAtMs }: HealthFacts, nowMs: number): Health {
  if (transport !== "up" || reportsEveryMs === undefined) return healthy;
  const silentMs = nowMs - Math.max(heardAtMs, cameInAtMs ?? 0);
  const spanMs = Math.max(reportsEveryMs, leastMissedMs / missedSuspect);
  if (silentMs <= missedSuspect * spanMs) return healthy;
  const why = `it has reported nothing for ${minutes(silentMs)}`;
  return { verdict: silentMs > missedDead * spanMs ? "zombie" : "suspect", why };
}

const order: readonly Health["verdict"][] = ["healthy", "suspect", "zombie"];

function worst(verdicts: readonly Health[]): Health {
  return verdicts.reduce((so, next) => (order.indexOf(next.verdict) > order.indexOf(so.verdict) ? next : so), healthy);
}

function minutes(durationMs: number): string {
  return `${Math.max(1, Math.floor(durationMs / 60_000))} min`;
}
