import type { Platform } from "@hermes/core";

const idPattern = /^[a-z0-9][a-z0-9_-]{0,63}$/u;
/** Places in session keys and delivery targets that belong to the gateway itself. */
const reserved: ReadonlySet<string> = new Set(["all", "background", "cron", "local", "origin"]);

/**
 * Platforms by id.
 *
 * @throws TypeError for an id that is taken, reserved or malformed, and for a platform made for another contract.
 */
export function checkPlatforms(platforms: readonly Platform[]): ReadonlyMap<string, Platform> {
  const byId = new Map<string, Platform>();
  for (const platform of platforms) {
    if (platform.apiVersion !== 1) {
      throw new TypeError(
        `The platform \`${platform.id}\` speaks version ${String(platform.apiVersion)} of the contract, this runtime version 1. Install versions that belong together.`,
      );
    }
    if (!idPattern.test(platform.id)) {
      throw new TypeError(`Expected a platform's id to be small letters, digits, \`-\` and \`_\`, got \`${platform.id}\``);
    }
    if (reserved.has(platform.id))
      throw new TypeError(
        `A platform cannot be called \`${platform.id}\`: that name means something else. Give it another \`id\`.`,
      );
    if (byId.has(platform.id))
      throw new TypeError(`Two platforms are called \`${platform.id}\`. Give one of them an \`id\` of its own.`);
    byId.set(platform.id, platform);
  }
  return byId;
}
