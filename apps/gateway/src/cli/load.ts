import { loadConfiguration, type Configuration, type ConfigurationInput } from "../config/configuration.ts";
import { readEnvironment } from "../config/environment.ts";
import type { Environment } from "../config/environment.ts";
import { officialAgents } from "../official-agents.ts";
import { officialPlatforms } from "../official-platforms.ts";
import { createFindAgent, createFindManifest } from "../platforms/find-manifest.ts";

/** What this process is configured with: its environment and the platforms that come along. */
export function configurationInput(environment: Environment = readEnvironment()): ConfigurationInput {
  return {
    environment,
    findManifest: (home) => createFindManifest(officialPlatforms, home),
    findAgent: (home) => createFindAgent(officialAgents, home),
    officialKinds: Object.keys(officialPlatforms),
  };
}

/** This process's configuration, with the environment it came from. */
export async function loadOwnConfiguration(): Promise<{
  readonly configuration: Configuration;
  readonly environment: Environment;
}> {
  const environment = readEnvironment();
  return { configuration: await loadConfiguration(configurationInput(environment)), environment };
}
