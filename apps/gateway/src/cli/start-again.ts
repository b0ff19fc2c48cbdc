import type { RestartSettings } from "../config/gateway-settings.ts";
import type { Environment } from "../config/environment.ts";

/** Who starts the gateway again. `manager`: a service manager that is seen to be there; `somebody`: whoever started it, or nobody. */
export type Restarter = "itself" | "manager" | "somebody";

/** Finds out who does. Where the process cannot start itself again, on Windows or an older Node, it never says `itself`. */
export function restarterOf({ by }: Pick<RestartSettings, "by">, environment: Environment, isTerminal: boolean): Restarter {
  const isManaged = environment["INVOCATION_ID"] !== undefined || environment["XPC_SERVICE_NAME"] !== undefined;
  // A terminal's shell may itself run under a service manager, and hands its variables on.
  const itself = by === "itself" || (by === "auto" && isTerminal);
  if (itself && process.execve !== undefined && process.platform !== "win32") return "itself";
  return isManaged && !isTerminal ? "manager" : "somebody";
}

/** Starts the program of this process once more in its place: the same process id, the same terminal. Does not come back. */
export function startAgain(environment: Environment): void {
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], environment);
}
