/** How a provider is spoken with. */
export type ProviderKind = "openai" | "anthropic" | "google" | "openai-compatible";

/** What is known of a provider by its name alone. */
export interface KnownProvider {
  readonly kind: ProviderKind;
  readonly baseUrl: string;
  /** Whether it answers nobody without one. */
  readonly needsKey: boolean;
}

/** Providers by the names people know them by, with the addresses from their own documentation. */
export const knownProviders: Readonly<Record<string, KnownProvider>> = {
  openai: { kind: "openai", baseUrl: "https://api.openai.com/v1", needsKey: true },
  anthropic: { kind: "anthropic", baseUrl: "https://api.anthropic.com/v1", needsKey: true },
  google: { kind: "google", baseUrl: "https://generativelanguage.googleapis.com/v1beta", needsKey: true },
  openrouter: { kind: "openai-compatible", baseUrl: "https://openrouter.ai/api/v1", needsKey: true },
  groq: { kind: "openai-compatible", baseUrl: "https://api.groq.com/openai/v1", needsKey: true },
  deepseek: { kind: "openai-compatible", baseUrl: "https://api.deepseek.com/v1", needsKey: true },
  mistral: { kind: "openai-compatible", baseUrl: "https://api.mistral.ai/v1", needsKey: true },
  xai: { kind: "openai-compatible", baseUrl: "https://api.x.ai/v1", needsKey: true },
  ollama: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:11434/v1", needsKey: false },
  lmstudio: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1234/v1", needsKey: false },
  vllm: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:8000/v1", needsKey: false },
  llamacpp: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:8080/v1", needsKey: false },
};
