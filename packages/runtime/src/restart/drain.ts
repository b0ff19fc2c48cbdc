import { platformOfSession, type Clock, type SessionKey } from "@hermes/core";
import type { Connections } from "../connections.ts";
import type { Lanes } from "../lanes.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { pauseUntil } from "../pause.ts";
import type { Questions } from "../turn/questions.ts";

const lookEveryMs = 100;
/** What the gateway itself has just said gets so long to be shown. */
const noticesMs = 1500;

/** What is looked at while a gateway drains. */
export interface DrainParts {
  readonly lanes: Pick<Lanes, "running">;
  readonly questions: Pick<Questions, "isAsking">;
  readonly connections: Pick<Connections, "get">;
  readonly outbox: Pick<Outbox, "said">;
  readonly clock: Clock;
}

/** Waits until no turn ends by itself any more, at most until `untilMs`. Never rejects. */
export async function untilDrained(parts: DrainParts, untilMs: number, signal: AbortSignal): Promise<void> {
  const { lanes, outbox, clock } = parts;
  while (!signal.aborted && clock.now() < untilMs && lanes.running().some((lane) => isWorthWaiting(lane, parts)))
    await pauseUntil(Math.min(clock.now() + lookEveryMs, untilMs), clock, signal);
  const said = new AbortController();
  void outbox.said().then(() => said.abort());
  await pauseUntil(clock.now() + noticesMs, clock, AbortSignal.any([said.signal, signal]));
}

/** Who waits for a person, or for a platform that is away, does not end soon; the store knows how it goes on. */
function isWorthWaiting(
  { key, isAtWork }: { readonly key: SessionKey; readonly isAtWork: boolean },
  { questions, connections }: DrainParts,
): boolean {
  if (isAtWork) return true;
  const platform = platformOfSession(key);
  return !questions.isAsking(key) && platform !== undefined && connections.get(platform) !== undefined;
}
