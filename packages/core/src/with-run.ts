import type { Agent } from "./agent.ts";

/** The same agent with another `run`: for whoever changes what it is given, or what it says. */
export function withRun(agent: Agent, run: Agent["run"]): Agent {
  const { features, settingIds } = agent;
  return {
    features,
    run,
    ...(settingIds === undefined ? {} : { settingIds }),
    ...(agent.settings === undefined ? {} : { settings: async (...call) => (await agent.settings?.(...call)) ?? [] }),
    ...(agent.choose === undefined
      ? {}
      : { choose: async (...call) => (await agent.choose?.(...call)) ?? { refusal: "Nothing can be chosen" } }),
    ...(agent.reload === undefined ? {} : { reload: async (...call) => (await agent.reload?.(...call)) ?? "" }),
    ...(agent.forget === undefined ? {} : { forget: async (...call) => await agent.forget?.(...call) }),
    ...(agent.close === undefined ? {} : { close: async () => await agent.close?.() }),
  };
}
