import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Environment } from "../config/environment.ts";

/** Where the locks on bots' identities lie: outside the homes, because two homes may name one bot. */
export function lockDirectoryOf(environment: Environment): string {
  const named = environment["HERMES_LOCK_DIR"]?.trim() ?? "";
  if (named !== "") return resolve(named);
  const state = environment["XDG_STATE_HOME"]?.trim() ?? "";
  return join(state === "" ? join(homedir(), ".local", "state") : resolve(state), "hermes", "locks");
}

/** The lock that says who serves a home. */
export function homeLockPathOf(home: string): string {
  return join(home, "gateway", "gateway.lock.db");
}
