import type { AgentSession, AgentSetting, Chosen } from "@hermes/core";
import { reasoningChoices, type AiConfiguration } from "./configuration.ts";
import { parseModelName } from "./models/name.ts";
import { isProviderKnown } from "./models/provider-settings.ts";
import { personalitiesOf } from "./personalities.ts";
import { chosenModel, chosenReasoning } from "./turn/chosen.ts";

/** The settings' names, which are their commands. */
export const settingIds = ["model", "reasoning", "personality"] as const;

/** What people may choose in a conversation, and what counts there now. */
export function settingsOf({ chosen }: AgentSession, configuration: AiConfiguration): readonly AgentSetting[] {
  const { model, models = [], fallbacks = [], personalities, personality = "helpful" } = configuration;
  const offered = [...new Set([model, ...models, ...fallbacks])];
  return [
    { id: "model", name: "Model", current: chosenModel(chosen, configuration), options: offered.map(named), isOpen: true },
    {
      id: "reasoning",
      name: "Reasoning",
      current: chosenReasoning({ chosen }, configuration) ?? "default",
      options: [{ id: "default", label: "as the provider has it" }, ...reasoningChoices.map(named)],
    },
    {
      id: "personality",
      name: "Personality",
      current: chosen["personality"] ?? personality,
      options: [...personalitiesOf(personalities).keys()].map(named),
    },
  ];
}

/** Checks a choice: a model of any provider that is configured, or one of the options. */
export function choose(session: AgentSession, id: string, value: string, configuration: AiConfiguration): Chosen {
  const setting = settingsOf(session, configuration).find((each) => each.id === id);
  if (setting === undefined)
    return { refusal: `There is no setting \`${id.slice(0, 40)}\`. There are: ${settingIds.join(", ")}.` };
  if (setting.options.some((option) => option.id === value)) return { value };
  if (id !== "model") return { refusal: `Choose one of ${setting.options.map((option) => option.id).join(", ")}.` };
  const name = parseModelName(value);
  if (name === undefined) return { refusal: "Expected `provider:model`, such as openai:gpt-5." };
  if (isProviderKnown(name.provider, configuration)) return { value };
  return { refusal: `Nobody has configured the provider ${name.provider}. There are: ${providersOf(configuration).join(", ")}.` };
}

function providersOf({ providers = {}, model }: AiConfiguration): readonly string[] {
  const own = parseModelName(model)?.provider;
  return [...new Set([...(own === undefined ? [] : [own]), ...Object.keys(providers)])];
}

function named(id: string): { readonly id: string; readonly label: string } {
  return { id, label: id };
}
