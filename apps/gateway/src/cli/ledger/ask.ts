import { isRpcError, type Client, type EventDetails, type RpcError } from "@hermes/protocol";
import { systemClock } from "@hermes/core";
import { GatewayError } from "../../config/problem.ts";
import { findLedgerPartner } from "../../rpc/ledger-partner.ts";
import { openLedger } from "../../rpc/open-ledger.ts";
import { loadOwnConfiguration } from "../load.ts";

/** Whoever is asked, and whether what is changed has its effect at once. */
export interface Asked {
  readonly client: Client;
  readonly isRunning: boolean;
}

/**
 * Asks the gateway of this home, or its store where no gateway runs.
 *
 * @throws GatewayError for whatever is refused, in a sentence for people.
 */
export async function askLedger<Result>(question: (asked: Asked) => Promise<Result>): Promise<Result> {
  const { configuration } = await loadOwnConfiguration();
  const partner = await findLedgerPartner({
    configuration,
    clock: systemClock,
    openLedger: () => openLedger(configuration, systemClock),
  });
  try {
    return await question(partner);
  } catch (error) {
    throw isRpcError(error) ? inWords(error) : error;
  } finally {
    await partner.close();
  }
}

/** A refusal as the error a command ends with. */
export function inWords(error: RpcError): GatewayError {
  const exitCode = error.kind === "unavailable" || error.kind === "internal" ? 75 : 78;
  return new GatewayError(error.message, { exitCode, cause: error });
}

/** An event by its number or, where it has none of that number, by any other id. */
export async function findEvent(client: Client, id: string): Promise<EventDetails> {
  const seq = Number(id);
  if (/^\d+$/u.test(id) && Number.isSafeInteger(seq) && seq > 0) {
    try {
      return await client.call("events.show", { seq });
    } catch (error) {
      if (!isRpcError(error) || error.kind !== "not-found") throw error;
    }
  }
  const { event } = await client.call("timeline.show", { id });
  if (event === undefined)
    throw new GatewayError(`Nothing came in that ${JSON.stringify(id)} answers: the gateway said it by itself.`, {
      exitCode: 78,
    });
  return event;
}
