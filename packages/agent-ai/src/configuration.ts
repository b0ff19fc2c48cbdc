import { z } from "zod";
import { parseModelName } from "./models/name.ts";
import { toolsConfigurationSchema } from "./tools/configuration.ts";

const modelName = z
  .string()
  .refine((text) => parseModelName(text) !== undefined, "Expected `provider:model`, such as openai:gpt-5 or ollama:qwen3:8b");

const baseUrl = z
  .string()
  .refine(isBaseUrl, "Expected an address that begins with http:// or https://, without user, query or fragment")
  .transform((address) => address.replace(/\/+$/u, ""));

const provider = z.strictObject({
  kind: z
    .enum(["openai", "anthropic", "google", "openai-compatible"])
    .optional()
    .describe("How it is spoken with. Default: by its name."),
  apiKey: z
    .string()
    .regex(/^[!-~]{1,4096}$/u, "Expected a key without spaces")
    .optional()
    .describe("The provider's key. Never read from anywhere else."),
  baseUrl: baseUrl.optional().describe("Where its API is. Default: by its name."),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/u), z.string().max(4096))
    .optional()
    .describe("Sent with each request."),
  api: z.enum(["responses", "chat"]).optional().describe("Which of OpenAI's two ways. Default responses."),
});

const facts = z.strictObject({
  contextTokens: z.int().min(1024).optional().describe("How many tokens prompt and answer may have together."),
  vision: z.boolean().optional().describe("Whether it sees images."),
  tools: z.boolean().optional().describe("Whether it can call tools."),
});

const price = z.strictObject({
  inputPerMillionUsd: z.number().min(0),
  outputPerMillionUsd: z.number().min(0),
  cachedInputPerMillionUsd: z.number().min(0).optional(),
});

const setNames = z.array(z.string().min(1).max(100));
const reasoningLevels = ["none", "minimal", "low", "medium", "high"] as const;
const durationMs = z.int().min(1000).max(3_600_000);

/** What a model behind the gateway is configured with. */
export const configurationSchema = z.strictObject({
  model: modelName.describe("The model that answers, as `provider:model`."),
  fallbacks: z.array(modelName).max(10).optional().describe("Models that answer when that one does not, in order."),
  models: z.array(modelName).max(100).optional().describe("Models offered by `/model` beside these."),
  providers: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/u, "Expected a name in lower case, such as openai"), provider)
    .optional()
    .describe("Keys and addresses by the providers' names."),
  instructions: z.string().max(100_000).optional().describe("What the model is told of itself and its task."),
  personalities: z
    .record(z.string().regex(/^[\w-]{1,40}$/u), z.string().max(10_000))
    .optional()
    .describe("Ways to speak, by name."),
  personality: z.string().optional().describe("The one that counts where nobody chose another. Default helpful."),
  reasoning: z.enum(reasoningLevels).optional().describe("How much the model thinks before it answers. Default: the provider's."),
  maxOutputTokens: z.int().min(1).optional().describe("Of one answer of the model. Default: the provider's."),
  maxSteps: z.int().min(1).max(1000).optional().describe("How often the model is called in one turn. Default 90."),
  modelFacts: z
    .record(z.string(), facts)
    .optional()
    .describe("What models can take, by `provider:model`; `*` at the end is any."),
  prices: z.record(z.string(), price).optional().describe("What models cost, by `provider:model`."),
  compression: z
    .strictObject({
      atRatio: z.number().min(0.1).max(0.95).optional().describe("How full the context may get. Default 0.8."),
      keepTokens: z
        .int()
        .min(0)
        .optional()
        .describe("How much of the newest stays word for word. Default 20000, at most a fifth of the context."),
      model: modelName.optional().describe("The model that writes the summary. Default: the one that answers."),
    })
    .optional(),
  timeouts: z
    .strictObject({
      firstTokenMs: durationMs.optional().describe("Until the model says anything. Default 180000."),
      idleMs: durationMs.optional().describe("Between two things it says. Default 90000."),
    })
    .optional(),
  toolSets: z
    .strictObject({
      default: setNames.optional().describe("Everywhere nothing else is said. Default none."),
      platforms: z.record(z.string(), setNames).optional().describe("By the platform's name."),
      chats: z.record(z.string(), setNames).optional().describe("By `platform:chat`, or `platform:chat:thread`."),
      users: z.record(z.string(), setNames).optional().describe("By `platform:user`."),
    })
    .optional()
    .describe(
      "Which sets of tools a turn has. The most specific place that is named wins: user, thread, chat, platform, default.",
    ),
  tools: toolsConfigurationSchema.optional().describe("What the tools may do, and where."),
});

export type AiConfiguration = z.output<typeof configurationSchema>;
export type ProviderConfiguration = z.output<typeof provider>;

/** How much a model thinks. */
export type Reasoning = (typeof reasoningLevels)[number];
export const reasoningChoices: readonly Reasoning[] = reasoningLevels;

function isBaseUrl(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
