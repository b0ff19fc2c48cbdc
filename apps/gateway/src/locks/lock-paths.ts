import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Variables } from "../config/variables.ts";

/** Where the locks on bots' identities lie: outside the homes, because two homes may name one bot. */
export function lockDirectoryOf(variables: Variables): string {
  const named = variables.get("HERMES_LOCK_DIR");
  if (named !== undefined) return resolve(named);
  const state = variables.get("XDG_STATE_HOME");
  return join(state === undefined ? join(homedir(), ".local", "state") : resolve(state), "hermes", "locks");
}

/** The lock that says who serves a home. */
export function homeLockPathOf(home: string): string {
  return join(home, "gateway", "gateway.lock.db");
}
