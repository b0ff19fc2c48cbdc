import { layerConfiguration, type ConfigurationInput, type LayeredConfiguration } from "../../config/configuration.ts";
import { readEnvironment } from "../../config/environment.ts";
import type { Offers } from "../../first-start/find-offers.ts";
import { lookAround } from "../../first-start/first-start.ts";
import { createProcessLog } from "../../log/process-log.ts";
import { createRedactor } from "../../log/redactor.ts";
import { configurationInput } from "../load.ts";

/** What is configured, checked or not, and what this machine has. */
export interface Look {
  readonly layered: LayeredConfiguration;
  readonly offers: Offers;
  readonly input: ConfigurationInput;
}

/** Looks at both. */
export async function look(): Promise<Look> {
  const environment = readEnvironment();
  const input = configurationInput(environment);
  const layered = await layerConfiguration(input);
  const log = createProcessLog(environment, createRedactor());
  const offers = await lookAround(layered.sources.home, environment, (line) => log.debug(line));
  return { layered, offers, input };
}
