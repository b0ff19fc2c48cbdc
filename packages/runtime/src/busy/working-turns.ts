import type { AgentEvent, PlatformEvent, SessionKey } from "@hermes/core";
import type { SteeringBox } from "../turn/steering.ts";

/** A turn whose agent is at work, or waits for somebody's answer. */
export interface WorkingTurn {
  readonly turnId: string;
  readonly sessionKey: SessionKey;
  /** What it was given: at its beginning, and what its agent has taken since. */
  readonly inputs: PlatformEvent[];
  readonly canSteer: boolean;
  readonly steering: SteeringBox;
  readonly guard: InterruptionGuard;
}

/** The turns whose agents are at work, one per lane: what comes in meanwhile may reach them. */
export class WorkingTurns {
  readonly #turns = new Map<SessionKey, WorkingTurn>();

  of(key: SessionKey): WorkingTurn | undefined {
    return this.#turns.get(key);
  }

  /** Those in the lanes whose keys are `chatKey` or begin with it and a colon. */
  inChat(chatKey: SessionKey): readonly WorkingTurn[] {
    return [...this.#turns.values()].filter(({ sessionKey }) => sessionKey === chatKey || sessionKey.startsWith(`${chatKey}:`));
  }

  begin(turn: WorkingTurn): void {
    this.#turns.set(turn.sessionKey, turn);
  }

  end({ sessionKey, turnId }: Pick<WorkingTurn, "sessionKey" | "turnId">): void {
    if (this.#turns.get(sessionKey)?.turnId === turnId) this.#turns.delete(sessionKey);
  }
}

/** Knows whether an agent is in the middle of something that must not be cut by a mere message; `/stop` cuts everything. */
export class InterruptionGuard {
  readonly #onceOnly = new Set<string>();
  #isDeclared = false;

  get isUp(): boolean {
    return this.#isDeclared || this.#onceOnly.size > 0;
  }

  hear(event: AgentEvent): void {
    if (event.type === "uninterruptible") this.#isDeclared = event.active;
    // Nobody can tell afterwards how far it came.
    else if (event.type === "tool-start" && event.effect === "once") this.#onceOnly.add(event.callId);
    else if (event.type === "tool-end") this.#onceOnly.delete(event.callId);
  }
}
