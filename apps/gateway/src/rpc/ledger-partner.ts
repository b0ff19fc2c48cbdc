import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "@hermes/core";
import { createClient, createDispatcher, type Client } from "@hermes/protocol";
import type { Ledger } from "@hermes/runtime";
import type { Configuration } from "../config/configuration.ts";
import { GatewayError } from "../config/problem.ts";
import { homeIsServed, serveHomeSoon } from "../home.ts";
import type { HolderNote } from "../locks/holder-note.ts";
import { homeLockPathOf } from "../locks/lock-paths.ts";
import { readHomeToken } from "../credentials/home-token.ts";
import { createRpcConnection } from "../home-client/rpc-connection.ts";
import { openSocketWire, type Address } from "../home-client/socket-wire.ts";
import { emptyLedger } from "./empty-ledger.ts";
import { createOfflineHandlers } from "./offline-handlers.ts";

/** Whoever knows what came in and what became of it. */
export interface LedgerPartner {
  readonly client: Client;
  /** A gateway serves this home: what is changed has its effect at once. */
  readonly isRunning: boolean;
  close(): Promise<void>;
}

/** A ledger that is read from a store nobody else has. */
export interface OpenLedger {
  readonly ledger: Ledger;
  readonly close: () => Promise<void>;
}

export interface LedgerPartnerParts {
  readonly configuration: Pick<Configuration, "home" | "settings">;
  readonly clock: Clock;
  /** Opens the ledger of a home that nobody serves. */
  readonly openLedger: () => Promise<OpenLedger>;
}

/**
 * The gateway that serves this home, or, where none does, what it left in its store. Nothing is made: a home that was never served
 * has an empty ledger.
 *
 * @throws GatewayError when another process has the home and cannot be asked, or the store cannot be used.
 */
export async function findLedgerPartner({ configuration, clock, openLedger }: LedgerPartnerParts): Promise<LedgerPartner> {
  const { home, settings } = configuration;
  if (!existsSync(dirname(homeLockPathOf(home)))) return inside(emptyLedger, async () => undefined);
  const served = await serveHomeSoon(home, "ledger", clock);
  if ("heldBy" in served) return await askOver(await doorOf(configuration, served.heldBy));
  try {
    if (!existsSync(settings.store.path)) return inside(emptyLedger, async () => served.release());
    const { ledger, close } = await openLedger();
    return inside(ledger, async () => {
      await close();
      served.release();
    });
  } catch (error) {
    served.release();
    throw error;
  }
}

/** Asked as a gateway would be asked, without a socket. */
function inside(ledger: Ledger, close: () => Promise<void>): LedgerPartner {
  let fault: unknown;
  const dispatcher = createDispatcher({
    handlers: createOfflineHandlers({ ledger, platforms: () => [], isReady: () => false }),
    onFault: (error) => {
      fault = error;
    },
  });
  const client = createClient({
    async send(request) {
      const answer = await dispatcher.dispatch(JSON.stringify(request), { scope: "admin" });
      // There is no other log: a fault of this process ends it as one.
      if (fault !== undefined) throw fault;
      return answer === undefined ? undefined : JSON.parse(answer);
    },
  });
  return { client, isRunning: false, close };
}

async function doorOf(
  { home, settings }: Pick<Configuration, "home" | "settings">,
  holder: HolderNote | undefined,
): Promise<Address> {
  const url = holder?.url;
  const token = settings.server.token ?? (await readHomeToken(home));
  if (url !== undefined && token !== undefined) return { url, token, tls: settings.server.tls };
  if (holder?.what !== "gateway") throw homeIsServed(home, holder);
  throw new GatewayError("The gateway of this home is just starting or stopping. Ask again in a moment.", { exitCode: 75 });
}

async function askOver(address: Address): Promise<LedgerPartner> {
  const connection = createRpcConnection(await openSocketWire(address));
  return { client: connection.client, isRunning: true, close: async () => connection.close() };
}
