import type { AiConfiguration } from "../src/index.ts";
import type { ModelServer } from "./server.ts";

/** A configuration whose model is the server's, with prices and one set of tools. */
export function configured(baseUrl: string, more: Partial<AiConfiguration> = {}): AiConfiguration {
  return {
    model: "test:model",
    providers: { test: { baseUrl, apiKey: "key" } },
    toolSets: { default: ["sample"] },
    prices: { "test:model": { inputPerMillionUsd: 2, outputPerMillionUsd: 10, cachedInputPerMillionUsd: 1 } },
    ...more,
  };
}

/** A message of a chat completion. */
export interface SentMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

/** The messages of a request. */
export function messagesOf(server: ModelServer, index: number): readonly SentMessage[] {
  return (server.requests.at(index)?.body["messages"] ?? []) as readonly SentMessage[];
}
