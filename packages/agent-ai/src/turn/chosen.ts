import type { Turn } from "@hermes/core";
import { reasoningChoices, type AiConfiguration, type Reasoning } from "../configuration.ts";
import { ModelChain } from "../models/model-chain.ts";
import { parseModelName } from "../models/name.ts";
import { isProviderKnown } from "../models/provider-settings.ts";

/** The models of a turn: the one that people chose, where it can still be asked, then those of the configuration. */
export function modelsFor({ chosen }: Pick<Turn, "chosen">, configuration: AiConfiguration): ModelChain {
  return new ModelChain([chosenModel(chosen, configuration), ...(configuration.fallbacks ?? [])]);
}

/** The model that counts in a conversation. */
export function chosenModel(chosen: Turn["chosen"], configuration: AiConfiguration): string {
  const { model } = chosen;
  const provider = model === undefined ? undefined : parseModelName(model)?.provider;
  const isUsable = provider !== undefined && isProviderKnown(provider, configuration);
  return model !== undefined && isUsable ? model : configuration.model;
}

/** How much the model is to think; undefined: as its provider has it. */
export function chosenReasoning({ chosen }: Pick<Turn, "chosen">, { reasoning }: AiConfiguration): Reasoning | undefined {
  return reasoningChoices.find((choice) => choice === chosen["reasoning"]) ?? reasoning;
}
