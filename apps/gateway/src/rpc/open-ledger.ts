import type { Clock } from "@hermes/core";
import { createLedger } from "@hermes/runtime";
import type { Configuration } from "../config/configuration.ts";
import { explained, openStore } from "../compose.ts";
import { doorId } from "../doors.ts";
import type { OpenLedger } from "./ledger-partner.ts";

/**
 * The ledger of a home that no gateway serves. Only who holds the home's lock calls this.
 *
 * @throws GatewayError when the store cannot be used.
 */
export async function openLedger({ settings, platforms, allow, allowRoles }: Configuration, clock: Clock): Promise<OpenLedger> {
  const store = await openStore(settings.store);
  await explained(() => store.open());
  const capabilitiesOf = (id: string) => {
    const platform = platforms.find((candidate) => candidate.id === id);
    return platform?.state === "usable" ? platform.manifest.capabilities : undefined;
  };
  // Who comes by one of the gateway's own doors has shown a credential.
  const open = platforms
    .filter((platform) => platform.state === "usable" && (platform.allowAll || platform.manifest.paths !== undefined))
    .map(({ id }) => id);
  const access = { allow, allowRoles, allowAll: settings.access.allowAll, allowAllOn: [doorId, ...open] };
  return { ledger: createLedger({ store, clock, capabilitiesOf, access }), close: () => store.close() };
}
