import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ModelName } from "./name.ts";
import type { ProviderSettings } from "./provider-settings.ts";

/** A redirect would carry the key to another host: it is refused like an address that is not there. */
const fetchWithoutRedirects: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, { ...init, redirect: "error" });

/**
 * The model itself. Loads its provider's package, and no other. Key and address are always passed, also empty ones: what is left out the
 * packages look up in the environment.
 */
export async function loadModel({ provider, model }: ModelName, settings: ProviderSettings): Promise<LanguageModelV4> {
  const { kind, baseUrl, apiKey = "", headers, api } = settings;
  const options = { baseURL: baseUrl, apiKey, headers: { ...headers }, fetch: fetchWithoutRedirects };
  switch (kind) {
    case "openai": {
      const { createOpenAI } = await import("@ai-sdk/openai");
      const openai = createOpenAI(options);
      return api === "chat" ? openai.chat(model) : openai.responses(model);
    }
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return createAnthropic(options).languageModel(model);
    }
    case "google": {
      const { createGoogle } = await import("@ai-sdk/google");
      return createGoogle(options).languageModel(model);
    }
    case "openai-compatible": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      return createOpenAICompatible({ ...options, name: provider, includeUsage: true }).chatModel(model);
    }
  }
}
