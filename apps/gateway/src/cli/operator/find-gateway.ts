import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { systemClock } from "@hermes/core";
import { serveHomeSoon } from "../../home.ts";
import { homeLockPathOf } from "../../locks/lock-paths.ts";

/** The gateway of a home, as far as its lock tells. */
export type FoundGateway =
  | { readonly state: "absent" }
  /** It holds the home and has not said yet where it serves. */
  | { readonly state: "starting"; readonly pid?: number }
  | { readonly state: "serving"; readonly pid: number; readonly url: string };

/** Looks whether a gateway serves a home. Makes nothing, and waits for nobody but another command that only looks. */
export async function findGateway(home: string): Promise<FoundGateway> {
  if (!existsSync(dirname(homeLockPathOf(home)))) return { state: "absent" };
  const served = await serveHomeSoon(home, "ledger", systemClock);
  if (!("heldBy" in served)) {
    served.release();
    return { state: "absent" };
  }
  const { heldBy } = served;
  if (heldBy === undefined) return { state: "starting" };
  const { pid, what, url } = heldBy;
  if (what !== "gateway") return { state: "absent" };
  return url === undefined ? { state: "starting", pid } : { state: "serving", pid, url };
}
