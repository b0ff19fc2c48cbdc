import { agentOfSession, backgroundOfSession, type Agent, type Logger, type SessionKey } from "@hermes/core";
import type { Choices } from "../agents/choices.ts";
import type { Roster } from "../agents/roster.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ClaimedTurn, Store } from "../store.ts";
import { taskOf } from "./background.ts";
import type { TurnContext } from "./turn-context.ts";

/** What agents of turns are found with. */
export interface TurnAgentsParts {
  readonly roster: Roster;
  readonly choices: Pick<Choices, "of">;
  readonly store: Pick<Store, "currentSession">;
  readonly catalogue: Catalogue;
  readonly logger: Logger;
}

/** What a turn's agent is given beside what was said. */
export interface AgentContext extends Pick<TurnContext, "task" | "chosen" | "knownSessionId"> {
  readonly agent: Agent;
}

const nothingChosen: AgentContext["chosen"] = {};

/** Finds the agent of a turn, and what it is to know. */
export class TurnAgents {
  readonly #parts: TurnAgentsParts;

  constructor(parts: TurnAgentsParts) {
    this.#parts = parts;
  }

  /** One that is not configured any more says so, whatever it is asked. */
  of(key: SessionKey): Agent {
    const { roster, catalogue } = this.#parts;
    return roster.of(key) ?? goneAgent(catalogue.agents.gone(agentOfSession(key)));
  }

  /** A turn is over. What was done beside a conversation nobody goes on with, so that the agent need keep nothing of it. */
  leave({ sessionKey, sessionId }: Pick<ClaimedTurn, "sessionKey" | "sessionId">): void {
    if (backgroundOfSession(sessionKey) === undefined) return;
    // Not awaited: what an agent keeps is its own affair.
    void this.#forget(this.of(sessionKey), sessionId);
  }

  async #forget(agent: Agent, sessionId: string): Promise<void> {
    try {
      await agent.forget?.(sessionId);
    } catch (error) {
      this.#parts.logger.warn(`The agent did not forget ${sessionId}: ${String(error)}`);
    }
  }

  async contextOf({ sessionKey, sessionId, event }: ClaimedTurn): Promise<AgentContext> {
    const { roster, choices, store } = this.#parts;
    const agent = this.of(sessionKey);
    const task = taskOf(sessionKey, event);
    // What is done beside a conversation is done as it was chosen there.
    const beside = backgroundOfSession(sessionKey) === undefined ? sessionKey : roster.keyOf(event);
    const [chosen, knownSessionId] = await Promise.all([
      agent.settingIds === undefined ? nothingChosen : choices.of(beside),
      task?.kind === "aside" ? store.currentSession(beside).then((session) => session?.id) : sessionId,
    ]);
    return { agent, task, chosen, knownSessionId };
  }
}

function goneAgent(words: string): Agent {
  return {
    features: { steer: false, undo: false, resume: "continue" },
    async *run() {
      yield { type: "notice", text: words };
    },
  };
}
