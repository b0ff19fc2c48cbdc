import type { Clock } from "@hermes/core";
import type { Gateway, PlatformStatus } from "@hermes/runtime";
import type { LoadedPlatform } from "./load-platforms.ts";

const lookEveryMs = 250;

export interface OwnerClaimParts {
  readonly gateway: Pick<Gateway, "status" | "hasOwner" | "openOwnerClaim">;
  readonly platforms: readonly LoadedPlatform[];
  readonly clock: Clock;
  /** Shows a line to the person at the terminal, and to nobody else. */
  readonly show: (line: string) => void;
}

/**
 * Offers the person who started the gateway to become its owner: once a bot is up, one link or code that is good for ten minutes. Only
 * for a real terminal: whoever reads the code first owns the gateway.
 *
 * @returns how to stop waiting for a bot.
 */
export async function offerOwnerClaim(parts: OwnerClaimParts): Promise<() => void> {
  const { gateway, platforms, clock } = parts;
  const claimable = new Map(
    platforms.filter(({ platform }) => platform.claims.length > 0).map((loaded) => [loaded.platform.id, loaded]),
  );
  if (claimable.size === 0 || (await gateway.hasOwner())) return () => undefined;
  let cancel = (): void => undefined;
  const look = (): void => {
    const up = gateway.status().platforms.find(({ id, condition }) => claimable.has(id) && condition.state === "up");
    const loaded = up === undefined ? undefined : claimable.get(up.id);
    if (up?.identity === undefined || loaded === undefined) cancel = clock.wakeAt(clock.now() + lookEveryMs, look);
    else offer(up.identity, loaded, parts);
  };
  look();
  return () => cancel();
}

function offer(
  identity: NonNullable<PlatformStatus["identity"]>,
  { manifest }: LoadedPlatform,
  { gateway, clock, show }: OwnerClaimParts,
): void {
  const { code, expiresAtMs } = gateway.openOwnerClaim();
  const link = manifest.claimLink?.(identity, code);
  const minutes = Math.round((expiresAtMs - clock.now()) / 60_000);
  const how = link === undefined ? `send ${code} to ${identity.name} in a direct message` : `open ${link} and press Start`;
  show(`This gateway has no owner yet. To become it, ${how} within ${minutes} minutes, on ${manifest.name}.`);
}
