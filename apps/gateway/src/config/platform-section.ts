import type { PlatformManifest } from "@hermes/core";
import type { Merged } from "./merge.ts";
import { readPlatformSettings, reservedKeys, type PlatformSettings } from "./platform-settings.ts";
import type { Problem } from "./problem.ts";
import { missingVariable } from "./read-key.ts";
import { describeIssue, nest } from "./section.ts";

/** A platform that can be loaded. */
export interface UsablePlatform extends PlatformSettings {
  readonly state: "usable";
  readonly id: string;
  readonly manifest: PlatformManifest;
  /** What the manifest's own schema made of the section. */
  readonly configuration: unknown;
}

/** What became of one platform's section: a bad one takes nobody else down. */
export type PlatformOutcome =
  | UsablePlatform
  | { readonly state: "disabled"; readonly id: string }
  | { readonly state: "broken"; readonly id: string; readonly problems: readonly Problem[] };

/** Checks one platform's section by itself, with its own manifest's schema. Whatever goes wrong in that concerns this platform alone. */
export async function checkPlatform(id: string, manifest: PlatformManifest, merged: Merged): Promise<PlatformOutcome> {
  try {
    return await check(id, manifest, merged);
  } catch (error) {
    // Its message might quote a secret of the section.
    const name = error instanceof Error ? error.name : typeof error;
    const problem = {
      key: `platforms.${id}`,
      message: `its package's own check failed with ${name}`,
      remedy: "Ask the package's author.",
    };
    return { state: "broken", id, problems: [problem] };
  }
}

async function check(id: string, manifest: PlatformManifest, merged: Merged): Promise<PlatformOutcome> {
  const root = ["platforms", id];
  const read = readPlatformSettings(id, manifest, merged);
  const winners = merged.under(root).filter(({ setting }) => !reservedKeys.has(setting.path[2] ?? ""));
  const missing = winners.map(({ setting }) => missingVariable(setting)).filter((problem) => problem !== undefined);
  const problems = [...read.problems, ...missing];
  if (problems.length > 0) return { state: "broken", id, problems };
  const result = await manifest.configuration["~standard"].validate(nest(winners, root));
  if (result.issues !== undefined) {
    return {
      state: "broken",
      id,
      problems: result.issues.map((issue) => describeIssue(issue, { root, manifest, merged, winners })),
    };
  }
  return { state: "usable", id, manifest, configuration: result.value, ...read.settings };
}
