import type { AgentHost, CheckResult } from "@hermes/core";
import { z } from "zod";
import type { AiConfiguration } from "./configuration.ts";
import { parseModelName } from "./models/name.ts";
import { ProviderMissing, providerSettings, type ProviderSettings } from "./models/provider-settings.ts";

const timeoutMs = 10_000;
const maxAnswerBytes = 4_000_000;

/** Each provider's own way to list its models. */
const listing = z.object({
  data: z.array(z.object({ id: z.string() })).optional(),
  models: z.array(z.object({ name: z.string() })).optional(),
});

/** Is the model's provider there, does it take the key, and does it have the model? Asks for the list of models, which costs nothing. */
export async function check(configuration: AiConfiguration, host: AgentHost, signal: AbortSignal): Promise<CheckResult> {
  const name = parseModelName(configuration.model);
  const provider = name?.provider ?? "";
  const at = `agents.${host.name}.providers.${provider}`;
  try {
    const settings = providerSettings(provider, configuration, host.name);
    const answer = await ask(settings, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    if (answer.status === 401 || answer.status === 403) {
      return {
        ok: false,
        summary: `${provider} refuses the key (${answer.status})`,
        remedy: `Set \`${at}.apiKey\` to one that is good`,
      };
    }
    if (!answer.ok) {
      return { ok: false, summary: `${provider} answers with status ${answer.status}`, remedy: `Check \`${at}.baseUrl\`` };
    }
    return found(configuration.model, name?.model ?? "", await modelsIn(answer), provider);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProviderMissing) return { ok: false, summary: error.message, remedy: "Set what is missing" };
    const why = error instanceof Error && error.name === "TimeoutError" ? "it does not answer in time" : "there is no connection";
    return { ok: false, summary: `${provider} cannot be reached: ${why}`, remedy: `Check that it runs, and \`${at}.baseUrl\`` };
  }
}

async function ask({ kind, baseUrl, apiKey = "", headers }: ProviderSettings, signal: AbortSignal): Promise<Response> {
  const options = { redirect: "error", signal } as const;
  switch (kind) {
    case "anthropic":
      return await fetch(`${baseUrl}/models?limit=1000`, {
        ...options,
        headers: { "x-api-key": apiKey, "anthropic-version": "2023-06-01", ...headers },
      });
    case "google":
      return await fetch(`${baseUrl}/models?pageSize=1000`, { ...options, headers: { "x-goog-api-key": apiKey, ...headers } });
    case "openai":
    case "openai-compatible":
      return await fetch(`${baseUrl}/models`, {
        ...options,
        headers: { ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }), ...headers },
      });
  }
}

/** The models that are listed; none where the answer is no list. */
async function modelsIn(answer: Response): Promise<readonly string[]> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxAnswerBytes) return [];
    chunks.push(chunk);
  }
  const list = listing.safeParse(jsonOf(Buffer.concat(chunks).toString("utf8")));
  if (!list.success) return [];
  const { data = [], models = [] } = list.data;
  return [...data.map(({ id }) => id), ...models.map((model) => model.name.replace(/^models\//u, ""))];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page of something else: it lists no models.
    return undefined;
  }
}

function found(full: string, model: string, models: readonly string[], provider: string): CheckResult {
  if (models.length === 0) return { ok: true, summary: `${provider} answers; it does not say which models it has` };
  // Providers list some models by a longer name, with a date behind the one that people use.
  if (models.some((listed) => listed.startsWith(model))) return { ok: true, summary: `${provider} answers, and has ${full}` };
  const some = models.slice(0, 5).join(", ");
  return {
    ok: false,
    summary: `${provider} answers, but does not have ${full}`,
    remedy: `Set \`model\` to one that it has, such as ${some}`,
  };
}
