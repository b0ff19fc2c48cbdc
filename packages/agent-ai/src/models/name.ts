/** A model of a provider, as people write it: `openai:gpt-5`. */
export interface ModelName {
  readonly provider: string;
  readonly model: string;
}

/** Reads `provider:model`; undefined where it is none. A model's own name may hold colons: `ollama:qwen3:8b`. */
export function parseModelName(text: string): ModelName | undefined {
  const [, provider, model] = /^([a-z][a-z0-9-]{0,31}):([\w./:@+-]{1,200})$/u.exec(text) ?? [];
  return provider === undefined || model === undefined ? undefined : { provider, model };
}
