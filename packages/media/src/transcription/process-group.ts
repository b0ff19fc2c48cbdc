import type { ChildProcess } from "node:child_process";
import type { Clock } from "@hermes/core";

/** How long a program has to end by itself. */
const graceMs = 1000;

/**
 * Ends a program that leads a process group of its own, and all that is in the group: SIGTERM, and SIGKILL a second later. `exited`
 * resolves when the program is gone.
 */
export async function endGroup(child: ChildProcess, exited: Promise<unknown>, clock: Clock): Promise<void> {
  signalGroup(child, "SIGTERM");
  const cancel = clock.wakeAt(clock.now() + graceMs, () => signalGroup(child, "SIGKILL"));
  await exited;
  cancel();
}

/** Kills at once what a program left in its group when it ended. */
export function killGroup(child: ChildProcess): void {
  signalGroup(child, "SIGKILL");
}

function signalGroup({ pid }: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the group is empty. EPERM: what is left of it, on some systems a zombie, is nobody's to end.
    if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM"))) throw error;
  }
}
