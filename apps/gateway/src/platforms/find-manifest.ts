import type { PlatformManifest } from "@hermes/core";
import { didYouMean } from "../config/suggest.ts";
import type { PackageFault } from "./third-party.ts";

/** Gives a kind's manifest, or says why there is none. */
export type FindManifest = (use: string) => Promise<PlatformManifest | PackageFault>;

export type OfficialPlatforms = Readonly<Record<string, () => Promise<PlatformManifest>>>;

/** Kinds that the gateway knows by name, and whatever else is named like a package. */
export function createFindManifest(official: OfficialPlatforms, home: string): FindManifest {
  return async (use) => {
    const load = Object.hasOwn(official, use) ? official[use] : undefined;
    if (load !== undefined) return findOfficial(use, load, home);
    const meant = didYouMean(use, Object.keys(official));
    if (!use.includes("/") && !use.includes("-")) {
      const known = Object.keys(official).join(", ");
      return {
        fault: `there is no platform \`${use}\``,
        remedy: `Known: ${known}.${meant} A third party's is used by its package's name.`,
      };
    }
    const found = await findInstalled(use, home);
    return "fault" in found ? { fault: found.fault, remedy: `${found.remedy}${meant}` } : found;
  };
}

/** Not all of ours come with the gateway: those that do not are looked for in the home, as everybody else's are. */
async function findOfficial(
  kind: string,
  load: () => Promise<PlatformManifest>,
  home: string,
): Promise<PlatformManifest | PackageFault> {
  try {
    return await load();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return findInstalled(`@hermes/platform-${kind}`, home);
  }
}

async function findInstalled(name: string, home: string): Promise<PlatformManifest | PackageFault> {
  const { loadThirdParty } = await import("./third-party.ts");
  return loadThirdParty(name, home);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
