import type { AiConfiguration, ProviderConfiguration } from "../configuration.ts";
import { knownProviders, type ProviderKind } from "./known-providers.ts";

/** All that it takes to speak with a provider. Nothing of it comes from anywhere but the configuration. */
export interface ProviderSettings {
  readonly kind: ProviderKind;
  readonly baseUrl: string;
  /** Absent only where the provider needs none. */
  readonly apiKey?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly api: "responses" | "chat";
}

/** A provider that cannot be asked, and what to do about it: a sentence for the operator. */
export class ProviderMissing extends Error {
  override readonly name = "ProviderMissing";
}

/**
 * What the configuration says of a provider, completed by what is known of its name. `agent` is what the configuration calls the agent.
 *
 * @throws ProviderMissing where a key or an address is missing, naming the key of the configuration.
 */
export function providerSettings(provider: string, { providers }: AiConfiguration, agent: string): ProviderSettings {
  const known = Object.hasOwn(knownProviders, provider) ? knownProviders[provider] : undefined;
  const given: ProviderConfiguration = (Object.hasOwn(providers ?? {}, provider) ? providers?.[provider] : undefined) ?? {};
  const kind = given.kind ?? known?.kind ?? "openai-compatible";
  const baseUrl = given.baseUrl ?? known?.baseUrl;
  const at = `agents.${agent}.providers.${provider}`;
  if (baseUrl === undefined) throw new ProviderMissing(`[${agent}] Nobody knows where ${provider} is: set \`${at}.baseUrl\``);
  const needsKey = kind === "openai-compatible" ? (known?.needsKey ?? false) && given.baseUrl === undefined : true;
  if (needsKey && given.apiKey === undefined) {
    throw new ProviderMissing(`[${agent}] ${provider} cannot be asked without a key: set \`${at}.apiKey\``);
  }
  const { apiKey, headers = {}, api = "responses" } = given;
  return { kind, baseUrl, headers, api, ...(apiKey === undefined ? {} : { apiKey }) };
}

/** Whether a model of this provider could be asked at all. */
export function isProviderKnown(provider: string, { providers }: AiConfiguration): boolean {
  if (Object.hasOwn(providers ?? {}, provider)) return true;
  return Object.hasOwn(knownProviders, provider) && knownProviders[provider]?.needsKey === false;
}
