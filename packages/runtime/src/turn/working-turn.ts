import type { Clock, SessionKey } from "@hermes/core";
import type { Roster } from "../agents/roster.ts";
import { InterruptionGuard, type WorkingTurn } from "../busy/working-turns.ts";
import type { AnswerListener } from "../outbox/answer-listener.ts";
import type { ClaimedTurn, Store } from "../store.ts";
import { SteeringBox } from "./steering.ts";

/** What a turn works with while others may reach it. */
export interface WorkingTurnParts {
  readonly roster: Pick<Roster, "of">;
  readonly store: Pick<Store, "takeSteering">;
  readonly answers: AnswerListener;
  readonly clock: Clock;
  /** So many messages of the lane do not wait any more. */
  readonly taken: (key: SessionKey, count: number) => void;
}

/** A turn as it is reached while its agent is at work: with what it was given, and a box for what is still to come. */
export function createWorkingTurn(claimed: ClaimedTurn, { roster, store, answers, clock, taken }: WorkingTurnParts): WorkingTurn {
  const { turnId, sessionKey, event, joined } = claimed;
  const inputs = [event, ...joined.map((each) => each.event)];
  const steering = new SteeringBox({
    turnId,
    sessionKey,
    store,
    clock,
    onTaken: (events) => {
      taken(sessionKey, events.length);
      inputs.push(...events.map((each) => each.event));
      // What it brings on is said to whoever asked what the turn answers.
      for (const { event: steered } of events) answers.end(steered.chat, steered.origin, "finished");
    },
  });
  return {
    turnId,
    sessionKey,
    inputs,
    canSteer: roster.of(sessionKey)?.features.steer === true,
    steering,
    guard: new InterruptionGuard(),
    startedAtMs: clock.now(),
  };
}
