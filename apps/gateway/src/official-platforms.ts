import type { PlatformManifest } from "@hermes/core";

/**
 * The platforms that come with the gateway, by kind. A manifest is imported when its platform is configured or the environment has a
 * variable that begins with the kind's name (`TELEGRAM_`) or with its prefix below. `web` is the gateway's own door.
 */
export const officialPlatforms: Readonly<Record<string, () => Promise<PlatformManifest>>> = {
  "openai-api": async () => (await import("@hermes/platform-openai-api/manifest")).manifest,
  web: async () => (await import("@hermes/platform-web/manifest")).ownDoorManifest,
  telegram: async () => (await import("@hermes/platform-telegram/manifest")).manifest,
};

/** Beginnings of environment variables where they are not the kind's name. */
export const environmentPrefixes: Readonly<Record<string, string>> = { "openai-api": "API_SERVER_" };
