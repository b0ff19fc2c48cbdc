import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { AiConfiguration } from "../configuration.ts";
import type { ProviderKind } from "./known-providers.ts";
import { loadModel } from "./load-model.ts";
import { parseModelName } from "./name.ts";
import { ProviderMissing, providerSettings } from "./provider-settings.ts";

/** More models are not kept: anybody may name any, and a model is made anew in no time. */
const maxKept = 50;

/** The models of one agent, each loaded when it is first asked. */
export class ModelShelf {
  readonly #configuration: AiConfiguration;
  readonly #agent: string;
  readonly #loaded = new Map<string, Promise<LanguageModelV4>>();

  /** `agent`: what the configuration calls it, for messages. */
  constructor(configuration: AiConfiguration, agent: string) {
    this.#configuration = configuration;
    this.#agent = agent;
  }

  /** @throws ProviderMissing where it cannot be asked, saying which key of the configuration is missing. */
  load(name: string): Promise<LanguageModelV4> {
    const kept = this.#loaded.get(name);
    if (kept !== undefined) return kept;
    const loading = this.#load(name);
    this.#loaded.set(name, loading);
    const [oldest] = this.#loaded.keys();
    if (this.#loaded.size > maxKept && oldest !== undefined) this.#loaded.delete(oldest);
    loading.catch(() => this.#loaded.delete(name));
    return loading;
  }

  /** How its provider is spoken with; undefined where that is not configured. */
  kindOf(name: string): ProviderKind | undefined {
    const provider = parseModelName(name)?.provider;
    if (provider === undefined) return undefined;
    try {
      return providerSettings(provider, this.#configuration, this.#agent).kind;
    } catch (error) {
      if (error instanceof ProviderMissing) return undefined;
      throw error;
    }
  }

  async #load(name: string): Promise<LanguageModelV4> {
    const parsed = parseModelName(name);
    if (parsed === undefined)
      throw new ProviderMissing(`[${this.#agent}] Expected a model as \`provider:model\`, got \`${name}\``);
    return await loadModel(parsed, providerSettings(parsed.provider, this.#configuration, this.#agent));
  }
}
