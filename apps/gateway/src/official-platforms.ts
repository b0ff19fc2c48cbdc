import type { PlatformManifest } from "@hermes/core";

/**
 * The platforms that come with the gateway, by kind. A manifest is imported when its platform is configured or the environment has a
 * variable that begins with the kind's name (`TELEGRAM_`).
 */
export const officialPlatforms: Readonly<Record<string, () => Promise<PlatformManifest>>> = {
  "openai-api": async () => (await import("@hermes/platform-openai-api/manifest")).manifest,
  web: async () => (await import("@hermes/platform-web/manifest")).manifest,
  telegram: async () => (await import("@hermes/platform-telegram/manifest")).manifest,
};
