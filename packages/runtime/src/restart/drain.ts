import { platformOfSession, type Clock, type SessionKey } from "@hermes/core";
import type { Connections } from "../connections.ts";
import type { Lanes } from "../lanes.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { pauseUntil } from "../pause.ts";
import type { Questions } from "../turn/questions.ts";

const lookEveryMs = 100;
/** What is complete gets so long to be shown: a chat that takes no calls for a while gets it from the next process. */
const showMs = 3000;
/** And what the gateway itself has just said. */
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
  let workedAtMs = clock.now();
  while (!signal.aborted && clock.now() < untilMs) {
    const running = lanes.running();
    if (running.some(({ isAtWork }) => isAtWork)) workedAtMs = clock.now();
    else if (clock.now() - workedAtMs >= showMs || !running.some(({ key }) => isShownSoon(key, parts))) break;
    await pauseUntil(Math.min(clock.now() + lookEveryMs, untilMs), clock, signal);
  }
  const said = new AbortController();
  void outbox.said().then(() => said.abort());
  await pauseUntil(Math.min(clock.now() + noticesMs, untilMs), clock, AbortSignal.any([said.signal, signal]));
}

/** What waits for a person, or for a platform that is away, is not. */
function isShownSoon(key: SessionKey, { questions, connections }: DrainParts): boolean {
  const platform = platformOfSession(key);
  return !questions.isAsking(key) && platform !== undefined && connections.get(platform) !== undefined;
}
