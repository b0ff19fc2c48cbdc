import type { AgentManifest, PlatformManifest } from "@hermes/core";
import { didYouMean } from "../config/suggest.ts";
import { agentPackages, platformPackages } from "./manifest-shape.ts";
import type { PackageFault, PackageKind } from "./third-party.ts";

/** Gives a kind's manifest, or says why there is none. */
export type Find<Manifest> = (use: string) => Promise<Manifest | PackageFault>;
export type FindManifest = Find<PlatformManifest>;
export type FindAgent = Find<AgentManifest>;

/** Kinds that the gateway knows by name. */
export type Official<Manifest> = Readonly<Record<string, () => Promise<Manifest>>>;

/** Kinds that the gateway knows by name, and whatever else is named like a package. */
export function createFind<Manifest extends object>(
  official: Official<Manifest>,
  home: string,
  packages: PackageKind<Manifest>,
): Find<Manifest> {
  return async (use) => {
    const load = Object.hasOwn(official, use) ? official[use] : undefined;
    if (load !== undefined) return findOfficial(use, load, home, packages);
    const meant = didYouMean(use, Object.keys(official));
    if (!use.includes("/") && !use.includes("-")) {
      const known = Object.keys(official).join(", ");
      return {
        fault: `there is no ${packages.kind} \`${use}\``,
        remedy: `Known: ${known}.${meant} A third party's is used by its package's name.`,
      };
    }
    const found = await findInstalled(use, home, packages);
    return "fault" in found ? { fault: found.fault, remedy: `${found.remedy}${meant}` } : found;
  };
}

/** Not all of ours come with the gateway: those that do not are looked for in the home, as everybody else's are. */
async function findOfficial<Manifest extends object>(
  kind: string,
  load: () => Promise<Manifest>,
  home: string,
  packages: PackageKind<Manifest>,
): Promise<Manifest | PackageFault> {
  try {
    return await load();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return findInstalled(`@hermes/${packages.kind}-${kind}`, home, packages);
  }
}

async function findInstalled<Manifest extends object>(
  name: string,
  home: string,
  packages: PackageKind<Manifest>,
): Promise<Manifest | PackageFault> {
  const { loadThirdParty } = await import("./third-party.ts");
  return loadThirdParty(name, home, packages);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}

/** Finds platforms. */
export function createFindManifest(official: Official<PlatformManifest>, home: string): FindManifest {
  return createFind(official, home, platformPackages);
}

/** Finds agents. */
export function createFindAgent(official: Official<AgentManifest>, home: string): FindAgent {
  return createFind(official, home, agentPackages);
}
