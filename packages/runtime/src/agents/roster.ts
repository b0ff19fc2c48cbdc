import {
  agentOfSession,
  buildSessionKey,
  type Agent,
  type AgentTask,
  type Chat,
  type PlatformEvent,
  type SessionKey,
} from "@hermes/core";
import { routedAgent, type AgentRoute } from "./route.ts";

/** The agent that answers where no route says otherwise. */
export const mainAgent = "main";

/** The agents there are, and which of them answers where. */
export class Roster {
  readonly #agents: ReadonlyMap<string, Agent>;
  readonly #routes: readonly AgentRoute[];

  /** @throws TypeError when a route leads to an agent that is not there. */
  constructor(agents: ReadonlyMap<string, Agent>, routes: readonly AgentRoute[]) {
    const lost = routes.find(({ agent }) => !agents.has(agent));
    if (lost !== undefined) {
      const known = [...agents.keys()].join(", ");
      throw new TypeError(`Expected each route to lead to one of the agents ${known}, got \`${lost.agent}\``);
    }
    this.#agents = agents;
    this.#routes = routes;
  }

  get all(): readonly Agent[] {
    return [...this.#agents.values()];
  }

  /** The agent whose conversation a key names; undefined where there is none by that name any more. */
  of(key: SessionKey): Agent | undefined {
    return this.#agents.get(agentOfSession(key));
  }

  /** The conversation an event belongs to. */
  keyOf(event: PlatformEvent): SessionKey {
    const userId = event.origin.author.id;
    return buildSessionKey({ kind: "chat", chat: event.chat, userId }, { agent: this.#agentAt(event.chat, userId) });
  }

  /** What the keys of a chat's conversations are, or begin with, as far as they are of the agent that answers somebody there. */
  chatKeyOf(chat: Chat, userId?: string): SessionKey {
    return buildSessionKey({ kind: "chat", chat }, { agent: this.#agentAt(chat, userId) });
  }

  /** A conversation of its own, beside the one that an event belongs to. */
  backgroundKeyOf(event: PlatformEvent, id: string): SessionKey {
    return buildSessionKey({ kind: "background", id }, { agent: this.#agentAt(event.chat, event.origin.author.id) });
  }

  /** Whether the agent that answers an event takes such tasks. */
  takes(event: PlatformEvent, task: AgentTask["kind"]): boolean {
    return this.of(this.keyOf(event))?.features.tasks?.includes(task) === true;
  }

  /** What people can choose of any agent, by the settings' ids. */
  get settingIds(): readonly string[] {
    return [...new Set(this.all.flatMap(({ settingIds = [] }) => settingIds))].filter((id) =>
      /^[a-z][a-z0-9_-]{0,31}$/u.test(id),
    );
  }

  #agentAt({ ref }: Chat, userId: string | undefined): string {
    return routedAgent(this.#routes, { ...ref, ...(userId === undefined ? {} : { userId }) }) ?? mainAgent;
  }
}
