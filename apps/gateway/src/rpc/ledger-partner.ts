import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "@hermes/core";
import { createClient, createDispatcher, type Client, type RpcRequest } from "@hermes/protocol";
import type { Ledger } from "@hermes/runtime";
import type { Configuration } from "../config/configuration.ts";
import { GatewayError } from "../config/problem.ts";
import { homeIsServed, serveHomeSoon } from "../home.ts";
import type { HolderNote } from "../locks/holder-note.ts";
import { homeLockPathOf } from "../locks/lock-paths.ts";
import { readHomeToken } from "../credentials/home-token.ts";
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

const answerMs = 30_000;

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
  if ("heldBy" in served) return askOver(await doorOf(configuration, served.heldBy));
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

interface Door {
  readonly url: string;
  readonly token: string;
}

async function doorOf(
  { home, settings }: Pick<Configuration, "home" | "settings">,
  holder: HolderNote | undefined,
): Promise<Door> {
  const url = holder?.url;
  const token = settings.server.token ?? (await readHomeToken(home));
  if (url !== undefined && token !== undefined) return { url, token };
  if (holder?.what !== "gateway") throw homeIsServed(home, holder);
  throw new GatewayError("The gateway of this home is just starting or stopping. Ask again in a moment.", { exitCode: 75 });
}

function askOver({ url, token }: Door): LedgerPartner {
  const send = async (request: RpcRequest): Promise<unknown> => {
    const response = await fetch(new URL("/rpc", url), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(answerMs),
    }).catch(notAnswered);
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(response.status);
    }
    return await response.json().catch(notAnswered);
  };
  return { client: createClient({ send }), isRunning: true, close: async () => undefined };
}

function notAnswered(cause: unknown): never {
  throw new GatewayError("The gateway of this home does not answer. Look at its log, or start it again.", {
    exitCode: 75,
    cause,
  });
}

function refusal(status: number): GatewayError {
  if (status === 401)
    return new GatewayError("The gateway does not take this token. Is `server.token` the one it was started with?", {
      exitCode: 78,
    });
  if (status === 429) return new GatewayError("The gateway is asked too much. Try again in a minute.", { exitCode: 75 });
  return new GatewayError(`The gateway did not answer (${status}). Is it of another version? Its log says more.`, {
    exitCode: 75,
  });
}
