import type { Clock, Logger, Platform, PlatformManifest } from "@hermes/core";
import { describeProblem } from "./config/problem.ts";
import type { PlatformOutcome, UsablePlatform } from "./config/platform-section.ts";

/** A platform that is loaded, with its facts. */
export interface LoadedPlatform {
  readonly platform: Platform;
  readonly manifest: PlatformManifest;
  readonly allowAll: boolean;
  /** Its home channel is told of restarts. */
  readonly restartNotice: boolean;
}

export interface LoadedPlatforms {
  readonly loaded: readonly LoadedPlatform[];
  /** Ids of platforms that are configured and cannot be used. */
  readonly broken: readonly string[];
}

/** One platform's package must not hold up the others for longer. */
const maxLoadMs = 10_000;

/** Loads every platform whose configuration is right. One that cannot be loaded is logged and left out. */
export async function loadPlatforms(
  outcomes: readonly PlatformOutcome[],
  logger: Logger,
  clock: Clock,
): Promise<LoadedPlatforms> {
  const results = await Promise.all(
    outcomes.map(async (outcome): Promise<LoadedPlatform | string | undefined> => {
      switch (outcome.state) {
        case "disabled":
          return undefined;
        case "broken":
          for (const problem of outcome.problems) logger.error(`[${outcome.id}] Switched off: ${describeProblem(problem)}`);
          return outcome.id;
        case "usable":
          return load(outcome, logger, clock);
      }
    }),
  );
  const loaded = results.filter((result) => typeof result === "object");
  const twins = twinsIn(loaded);
  for (const [twin, first] of twins) {
    logger.error(
      `[${twin}] Switched off: it is the same bot as \`${first}\`. Give it credentials of its own, or remove one of the two.`,
    );
  }
  return {
    loaded: loaded.filter(({ platform }) => !twins.has(platform.id)),
    broken: [...results.filter((result) => typeof result === "string"), ...twins.keys()],
  };
}

/** Platforms that are somebody whom an earlier one is already: only one of them could listen. */
function twinsIn(loaded: readonly LoadedPlatform[]): ReadonlyMap<string, string> {
  const holders = new Map<string, string>();
  const twins = new Map<string, string>();
  for (const { platform } of loaded) {
    const names = platform.claims.map(({ scope, fingerprint }) => `${scope}-${fingerprint}`);
    const first = names.map((name) => holders.get(name)).find((holder) => holder !== undefined);
    if (first !== undefined) twins.set(platform.id, first);
    else for (const name of names) holders.set(name, platform.id);
  }
  return twins;
}

async function load(
  { id, manifest, configuration, allowAll, restartNotice }: UsablePlatform,
  logger: Logger,
  clock: Clock,
): Promise<LoadedPlatform | string> {
  const tooLong = Promise.withResolvers<never>();
  const cancel = clock.wakeAt(clock.now() + maxLoadMs, () =>
    tooLong.reject(new Error(`it took longer than ${maxLoadMs / 1000} s`)),
  );
  try {
    const platform = await Promise.race([manifest.load(id, configuration), tooLong.promise]);
    if (platform.id !== id) throw new Error(`it calls itself \`${platform.id}\``);
    return { platform, manifest, allowAll, restartNotice };
  } catch (error) {
    logger.error(
      `[${id}] Switched off: it could not be loaded (${error instanceof Error ? error.message : String(error)}). Check its configuration and its package.`,
    );
    return id;
  } finally {
    cancel();
  }
}
