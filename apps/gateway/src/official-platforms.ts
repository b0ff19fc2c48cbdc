import type { PlatformManifest } from "@hermes/core";

/**
 * The platforms that the gateway knows by name. Telegram and the gateway's own doors come with it; the package of another,
 * `@hermes/platform-<kind>`, is used where it is installed, beside the gateway or in the home. A manifest is imported when its platform is configured or the environment has a
 * variable that begins with the kind's name (`TELEGRAM_`) or with its prefix below. `web` is the gateway's own door.
 */
export const officialPlatforms: Readonly<Record<string, () => Promise<PlatformManifest>>> = {
  "openai-api": async () => (await import("@hermes/platform-openai-api/manifest")).manifest,
  web: async () => (await import("@hermes/platform-web/manifest")).ownDoorManifest,
  discord: async () => (await import("@hermes/platform-discord/manifest")).manifest,
  matrix: async () => (await import("@hermes/platform-matrix/manifest")).manifest,
  slack: async () => (await import("@hermes/platform-slack/manifest")).manifest,
  telegram: async () => (await import("@hermes/platform-telegram/manifest")).manifest,
};

/** Beginnings of environment variables where they are not the kind's name. */
export const environmentPrefixes: Readonly<Record<string, string>> = { "openai-api": "API_SERVER_" };
