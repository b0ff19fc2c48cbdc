import { isRpcError, type Client } from "@hermes/protocol";
import type { Configuration } from "../../config/configuration.ts";
import { GatewayError } from "../../config/problem.ts";
import { readHomeToken } from "../../credentials/home-token.ts";
import { createRpcConnection } from "../../home-client/rpc-connection.ts";
import { openSocketWire, type Address } from "../../home-client/socket-wire.ts";
import { inWords } from "../ledger/ask.ts";
import { loadOwnConfiguration } from "../load.ts";
import { findGateway } from "./find-gateway.ts";

/** The gateway of this home, asked by a command that needs one that runs. */
export interface AskedGateway {
  readonly client: Client;
  readonly configuration: Configuration;
  /** Where it listens on this machine. */
  readonly url: string;
}

/**
 * Asks the gateway that serves this home.
 *
 * @throws GatewayError where none does, or for whatever it refuses, in a sentence for people.
 */
export async function askGateway<Result>(question: (asked: AskedGateway) => Promise<Result>): Promise<Result> {
  const { configuration } = await loadOwnConfiguration();
  const address = await addressOf(configuration);
  const connection = createRpcConnection(await openSocketWire(address));
  try {
    return await question({ client: connection.client, configuration, url: address.url });
  } catch (error) {
    throw isRpcError(error) ? inWords(error) : error;
  } finally {
    connection.close();
  }
}

async function addressOf({ home, settings }: Configuration): Promise<Address> {
  const found = await findGateway(home);
  if (found.state === "absent") throw noGateway(home);
  const token = settings.server.token ?? (await readHomeToken(home));
  if (found.state === "serving" && token !== undefined) return { url: found.url, token, tls: settings.server.tls };
  throw new GatewayError("The gateway of this home is just starting or stopping. Ask again in a moment.", { exitCode: 75 });
}

function noGateway(home: string): GatewayError {
  return new GatewayError(`No gateway runs for ${home}, and this needs one. Start it: hermes gateway run`, { exitCode: 75 });
}
