import type { PlatformManifest } from "@hermes/core";
import { didYouMean } from "../config/suggest.ts";
import type { PackageFault } from "./third-party.ts";

/** Gives a kind's manifest, or says why there is none. */
export type FindManifest = (use: string) => Promise<PlatformManifest | PackageFault>;

export type OfficialPlatforms = Readonly<Record<string, () => Promise<PlatformManifest>>>;

/** Kinds that come with the gateway, and whatever else is named like a package. */
export function createFindManifest(official: OfficialPlatforms, home: string): FindManifest {
  return async (use) => {
    const load = Object.hasOwn(official, use) ? official[use] : undefined;
    if (load !== undefined) return load();
    const meant = didYouMean(use, Object.keys(official));
    if (!use.includes("/") && !use.includes("-")) {
      const known = Object.keys(official).join(", ");
      return {
        fault: `there is no platform \`${use}\``,
        remedy: `Known: ${known}.${meant} A third party's is used by its package's name.`,
      };
    }
    const { loadThirdParty } = await import("./third-party.ts");
    const found = await loadThirdParty(use, home);
    return "fault" in found ? { fault: found.fault, remedy: `${found.remedy}${meant}` } : found;
  };
}
