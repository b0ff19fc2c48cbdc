import type { AgentOffer, Json, Machine } from "@hermes/core";
import { z } from "zod";
import { parseModelName } from "./models/name.ts";

const maxLocalModels = 5;
/**
 * Of tools those that reach no files, run nothing and write to nobody. Models of this machine are offered without any: not all of them take
 * tools, and one that does not answers nothing when it is given some.
 */
const safeSets = { default: ["memory", "clarify", "web"] };

const ollamaTags = z.object({ models: z.array(z.object({ name: z.string() })) });
const openAiModels = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Keys that people have in their environment, and a good model for each. The key itself is named, not read. */
const keys: readonly { readonly variable: string; readonly provider: string; readonly model: string; readonly label: string }[] =
  [
    {
      variable: "ANTHROPIC_API_KEY",
      provider: "anthropic",
      model: "claude-sonnet-5-5",
      label: "Claude, with a key of Anthropic",
    },
    { variable: "OPENAI_API_KEY", provider: "openai", model: "gpt-5.6", label: "GPT, with a key of OpenAI" },
    { variable: "GEMINI_API_KEY", provider: "google", model: "gemini-3.6-flash", label: "Gemini, with a key of Google" },
    {
      variable: "GOOGLE_GENERATIVE_AI_API_KEY",
      provider: "google",
      model: "gemini-3.6-flash",
      label: "Gemini, with a key of Google",
    },
    { variable: "OPENROUTER_API_KEY", provider: "openrouter", model: "openrouter/auto", label: "OpenRouter" },
  ];

/** Models that this machine could use: by keys in its environment, then those that run on it. */
export async function detect(machine: Machine): Promise<readonly AgentOffer[]> {
  const offers = keys
    .filter(({ variable }) => machine.hasVariable(variable))
    .map(({ variable, provider, model, label }): AgentOffer => ({
      label,
      section: {
        use: "ai",
        model: `${provider}:${model}`,
        providers: { [provider]: { apiKey: `\${${variable}}` } },
        toolSets: safeSets,
      },
    }));
  const [ollama, lmStudio] = await Promise.all([
    machine.readLocal("http://127.0.0.1:11434/api/tags"),
    machine.readLocal("http://127.0.0.1:1234/v1/models"),
  ]);
  return [
    ...offers,
    ...localOffers("ollama", "Ollama", namesIn(ollama)),
    ...localOffers("lmstudio", "LM Studio", idsIn(lmStudio)),
  ];
}

function localOffers(provider: string, place: string, names: readonly string[]): readonly AgentOffer[] {
  return names
    .filter((name) => !/embed|rerank|whisper/iu.test(name) && parseModelName(`${provider}:${name}`) !== undefined)
    .slice(0, maxLocalModels)
    .map((name) => ({ label: `${name} in ${place}`, section: { use: "ai", model: `${provider}:${name}` } }));
}

function namesIn(answer: Json | undefined): readonly string[] {
  const read = ollamaTags.safeParse(answer);
  return read.success ? read.data.models.map(({ name }) => name) : [];
}

function idsIn(answer: Json | undefined): readonly string[] {
  const read = openAiModels.safeParse(answer);
  return read.success ? read.data.data.map(({ id }) => id) : [];
}
