import type { ChildProcess } from "node:child_process";
import type { Clock } from "@hermes/core";

/** How long a process has to end by itself before it is ended. */
const graceMs = 1000;

/**
 * Ends a process that leads a group of its own, and all that is in the group: SIGTERM, and SIGKILL a second later. Resolves when the
 * process is gone; what it started is killed with it.
 */
export async function endProcessGroup(child: ChildProcess, clock: Clock): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    signalGroup(pid, "SIGTERM");
    const cancel = clock.wakeAt(clock.now() + graceMs, () => signalGroup(pid, "SIGKILL"));
    await gone;
    cancel();
  }
  signalGroup(pid, "SIGKILL");
}

/** Kills at once what a process left in its group when it ended. */
export function killGroupOf(child: ChildProcess): void {
  if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
}

function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the group is empty. EPERM: what is left of it, on some systems a zombie, is nobody's to end.
    if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM"))) throw error;
  }
}
