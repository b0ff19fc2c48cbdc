import type { AgentHost } from "@hermes/core";
import type { AiConfiguration } from "./configuration.ts";
import type { TokenEstimator } from "./context/estimate.ts";
import type { ModelShelf } from "./models/model-shelf.ts";
import type { SilenceLimits } from "./step/model-silence.ts";
import type { ToolSource } from "./tool.ts";
import type { ImageStore } from "./turn/images.ts";

/** What all turns of one agent share. */
export interface AiParts {
  readonly configuration: AiConfiguration;
  readonly host: AgentHost;
  readonly sources: readonly ToolSource[];
  readonly models: ModelShelf;
  readonly images: ImageStore;
  readonly estimator: TokenEstimator;
  readonly limits: SilenceLimits;
  /** From 0 to 1. */
  readonly random: () => number;
}
