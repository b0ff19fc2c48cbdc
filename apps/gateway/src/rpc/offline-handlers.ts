import { methods, RpcError, type Handlers, type MethodName } from "@hermes/protocol";
import { createLedgerHandlers, type LedgerHandlersParts } from "./ledger-handlers.ts";

/** Serves what a store alone can tell; everything else needs a gateway that runs. */
export function createOfflineHandlers(parts: LedgerHandlersParts): Handlers {
  const refuse = async (): Promise<never> => {
    throw new RpcError("unavailable", "This needs a running gateway: start one with `hermes gateway run`.");
  };
  const names = Object.keys(methods) as MethodName[];
  const refusing = Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Handlers;
  return { ...refusing, ...createLedgerHandlers(parts) };
}
