import type { PlatformManifest } from "@hermes/core";

/**
 * The platforms that come with the gateway, by kind. A manifest is imported when its platform is configured or the environment has a
 * variable that begins with the kind's name (`TELEGRAM_`).
 */
export const officialPlatforms: Readonly<Record<string, () => Promise<PlatformManifest>>> = {
  telegram: async () => erase((await import("@hermes/platform-telegram/manifest")).manifest),
};

/**
 * Forgets the type of a manifest's configuration: what its own schema let through is the only thing it is ever given.
 */
function erase<Configuration>(manifest: PlatformManifest<Configuration>): PlatformManifest {
  return manifest as PlatformManifest<never> as PlatformManifest;
}
