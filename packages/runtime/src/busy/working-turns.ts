import type { AgentEvent, Chat, PlatformEvent, SessionKey } from "@hermes/core";
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
  readonly startedAtMs: number;
}

/** The turns whose agents are at work, one per lane: what comes in meanwhile may reach them. */
export class WorkingTurns {
  readonly #turns = new Map<SessionKey, WorkingTurn>();

  of(key: SessionKey): WorkingTurn | undefined {
    return this.#turns.get(key);
  }

  /** Those that were given something in a chat, whoever's conversation it is. */
  inChat({ ref }: Pick<Chat, "ref">): readonly WorkingTurn[] {
    const isThere = ({ chat }: PlatformEvent): boolean =>
      chat.ref.platform === ref.platform && chat.ref.chatId === ref.chatId && chat.ref.threadId === ref.threadId;
    return this.all.filter(({ inputs }) => inputs.some(isThere));
  }

  get all(): readonly WorkingTurn[] {
    return [...this.#turns.values()];
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
