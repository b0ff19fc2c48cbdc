import type { SupervisionWords } from "../catalogue/supervision-words.ts";
import type { PlatformState, PlatformStatus } from "../gateway-status.ts";

/** How a platform is, in a few short lines of Markdown: what is known of it, each with its age. */
export function describePlatform(platform: PlatformStatus, words: SupervisionWords, nowMs: number): string {
  const { id, condition, sinceMs, identity, breaker, doubt, transport, admission, delivery, turnedAway, replaced } = platform;
  const ago = (atMs: number | undefined): string => (atMs === undefined ? words.never : words.ago(nowMs - atMs));
  const cameInAtMs = [admission.takenAtMs, admission.refusedAtMs].filter((atMs) => atMs !== undefined);
  const who = identity === undefined ? "" : ` (${identity.name})`;
  const isTried = condition.state === "up" || condition.state === "connecting";
  const isOnProbation = isTried && breaker?.phase === "probing";
  const lines = [
    `**${id}**${who}: ${words.states[condition.state]} ${words.since(nowMs - sinceMs)}`,
    ...(isOnProbation ? [words.probing] : []),
    ...reasonOf(condition, words),
    ...nextOf(condition, words, nowMs),
    ...(breaker === undefined || breaker.failures === 0 ? [] : [words.failures(breaker.failures)]),
    ...(doubt === undefined ? [] : [words.doubt(doubt)]),
    ...(transport === undefined ? [] : [words.transport(words.transports[transport.state], ago(transport.heardAtMs))]),
    words.cameIn(admission.taken + admission.refused, ago(cameInAtMs.length === 0 ? undefined : Math.max(...cameInAtMs))),
    words.wentOut(delivery.sent, ago(delivery.sentAtMs)),
    ...(delivery.failed === 0 ? [] : [words.failedToSend(delivery.failed, ago(delivery.failedAtMs))]),
    ...(turnedAway === undefined ? [] : [words.turnedAway(turnedAway.count, ago(turnedAway.lastAtMs))]),
    ...(replaced === undefined ? [] : [words.replaced(replaced.count, ago(replaced.lastAtMs))]),
  ];
  const [first, ...rest] = lines;
  return [first, ...rest.map((line) => `- ${line}`)].join("\n");
}

function reasonOf(condition: PlatformState, words: SupervisionWords): readonly string[] {
  switch (condition.state) {
    case "waiting":
    case "tripped":
    case "failed":
      return [words.why(condition.reason)];
    case "blocked":
      return [words.why(condition.heldBy)];
    case "up":
      return condition.detail === undefined ? [] : [words.why(condition.detail)];
    case "connecting":
    case "paused":
    case "stopped":
      return [];
  }
}

function nextOf(condition: PlatformState, words: SupervisionWords, nowMs: number): readonly string[] {
  switch (condition.state) {
    case "waiting":
    case "blocked":
      return [words.next(condition.retryAtMs - nowMs)];
    case "tripped":
      return [condition.probeAtMs === undefined ? words.manual : words.next(condition.probeAtMs - nowMs)];
    case "up":
    case "connecting":
    case "paused":
    case "failed":
    case "stopped":
      return [];
  }
}
