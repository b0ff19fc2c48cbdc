import type { AgentSession, AgentSetting, Chosen } from "@hermes/core";
import { isAcpError } from "../acp-error.ts";
import type { AcpSession } from "../sessions/session.ts";
import type { Sessions } from "../sessions/sessions.ts";

/** Shows and takes what people choose of an agent. */
export class SettingsDesk {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** What can be chosen. Asks the agent where the conversation has no live session; rejects with an `AcpError` where it does not answer. */
  async settings({ id, chosen }: AgentSession, signal: AbortSignal): Promise<readonly AgentSetting[]> {
    const live = this.#live(id);
    if (live !== undefined) return live.settings.list;
    const sample = await this.#sessions.sample(signal);
    // What was chosen counts as soon as something is said.
    return sample.settings.list.map((setting) => {
      const value = chosen[setting.id];
      return value !== undefined && setting.options.some((option) => option.id === value)
        ? { ...setting, current: value }
        : setting;
    });
  }

  /** Chooses at once where a session is live, else for the next turn. */
  async choose({ id: sessionId }: AgentSession, id: string, value: string, signal: AbortSignal): Promise<Chosen> {
    const live = this.#live(sessionId);
    const session = live ?? (await this.#sessions.sample(signal));
    const setting = session.settings.find(id);
    if (setting === undefined) return { refusal: `This agent has no \`${id}\` to choose.` };
    if (!setting.options.some((option) => option.id === value)) return { refusal: refusalOf(setting) };
    if (live === undefined) return { value };
    try {
      return (await live.choose(id, value)) ? { value } : { refusal: refusalOf(setting) };
    } catch (error) {
      if (isAcpError(error) && error.code === "refused") return { refusal: error.message };
      throw error;
    }
  }

  #live(sessionId: string | undefined): AcpSession | undefined {
    return sessionId === undefined ? undefined : this.#sessions.live(sessionId);
  }
}

function refusalOf({ name, options }: AgentSetting): string {
  const some = options.slice(0, 20).map(({ id }) => `\`${id}\``);
  return `${name} can be: ${some.join(", ")}${options.length > some.length ? " and others" : ""}.`;
}
