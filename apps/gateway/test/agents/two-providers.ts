import { onTestFinished } from "vitest";
import { startModelServer, type ModelServer, type ModelStep } from "../../../../packages/agent-ai/test/server.ts";
import type { Hermes } from "../cli/hermes.ts";
import { agentHouse, modelKey, openStage } from "./house.ts";
import { obedientModel } from "./obedient-model.ts";
import type { Stage, StageName } from "./stage.ts";

/** A gateway that runs, and the servers of its two providers. */
export interface TwoProviders {
  readonly stage: Stage;
  readonly hermes: Hermes;
  readonly first: ModelServer;
  readonly second: ModelServer;
}

/** A gateway whose first provider does what is said here, and whose second answers. */
export async function twoProviders(name: StageName, script: readonly ModelStep[]): Promise<TwoProviders> {
  const first = await startModelServer({ script, apiKey: modelKey });
  onTestFinished(() => first.close());
  const second = await startModelServer({ script: obedientModel(), apiKey: modelKey });
  onTestFinished(() => second.close());
  const stage = await openStage(name);
  const providers = {
    first: { baseUrl: first.baseUrl, apiKey: modelKey },
    second: { baseUrl: second.baseUrl, apiKey: modelKey },
  };
  const agent = { model: "first:model", fallbacks: ["second:model"], providers, toolSets: {}, timeouts: { firstTokenMs: 1000 } };
  const { serve } = await agentHouse([stage], { agent });
  return { stage, first, second, hermes: await serve() };
}
