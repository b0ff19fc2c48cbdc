import { completeCapabilities, type Json, type PlatformManifest } from "@hermes/core";
import { z } from "zod";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, type OpenAiApiConfiguration } from "./configuration.ts";

/** Facts about the API. */
export const manifest: PlatformManifest<OpenAiApiConfiguration> = {
  apiVersion: 1,
  kind: "openai-api",
  name: "OpenAI-compatible API",
  description: "Talk to the agent with every program that speaks OpenAI's API: chat completions and responses, streamed or not.",
  documentationUrl: "https://platform.openai.com/docs/api-reference",
  capabilities: completeCapabilities(capabilityTable),
  configuration: configurationSchema,
  configurationJsonSchema: z.toJSONSchema(configurationSchema, { io: "input" }) as Json,
  secrets: ["key", "keys"],
  environment: [
    { name: "API_SERVER_KEY", key: "key", description: "The key callers send, at least 16 characters." },
    { name: "API_SERVER_MODEL_NAME", key: "modelName", description: "The model that callers see." },
    {
      name: "API_SERVER_CORS_ORIGINS",
      key: "corsOrigins",
      description: "Web pages that may call from a browser, separated by commas.",
      as: "list",
    },
  ],
  setup: [
    {
      key: "key",
      prompt: "API key",
      help: "Make one up: `openssl rand -hex 32`. Whoever has it may use the agent.",
      secret: true,
    },
  ],
  promptHint: "You are called by a program over an API: answer in Markdown, and ask nothing back that needs an answer at once.",
  paths: ["/v1/chat/completions", "/v1/responses", "/v1/responses/", "/v1/models", "/v1/models/"],
  display: "full",
  parseUserId(text) {
    return /^[A-Za-z0-9][\w.-]{0,63}$/u.exec(text.trim())?.[0];
  },
  // Nobody can be written to who has not asked.
  parseTarget: () => undefined,
  async load(id, configuration) {
    const { openaiApi } = await import("./openai-api.ts");
    return openaiApi({ id, ...configuration });
  },
};
