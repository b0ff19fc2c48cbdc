import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@hermes/core";
import { GatewayError } from "./config/problem.ts";
import { diskIsFull, isDiskFull } from "./disk-full.ts";
import { lockOrExplain } from "./locks/file-locks.ts";
import { describeHolder, readHolderNote, removeHolderNote, writeHolderNote, type HolderNote } from "./locks/holder-note.ts";
import { homeLockPathOf } from "./locks/lock-paths.ts";

/** Makes the home and our own directory in it, for their owner only. What is there stays as it is. */
export async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await mkdir(join(home, "gateway"), { recursive: true, mode: 0o700 });
    if (!(await stat(join(home, "gateway"))).isDirectory()) throw new Error("it is no directory");
  } catch (error) {
    if (isDiskFull(error)) throw diskIsFull(home, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new GatewayError(`The home ${home} cannot be used: ${reason}. Make it writable, or name another with HERMES_HOME.`, {
      exitCode: 78,
      cause: error,
    });
  }
}

/** What holds a home: the gateway and a chat for as long as they run, a look at the ledger for a moment. */
export type HomeHolder = "gateway" | "chat" | "ledger";

/** A home that this process serves. */
export interface ServedHome {
  /** Tells others where it is served. */
  announce(url: string): void;
  release(): void;
}

/** Makes this process the one that serves a home, or says who does. Ends with the process. */
export function serveHome(
  home: string,
  what: HomeHolder,
  clock: Clock,
): ServedHome | { readonly heldBy: HolderNote | undefined } {
  const path = homeLockPathOf(home);
  const lock = lockOrExplain(path);
  if (lock === undefined) return { heldBy: readHolderNote(path) };
  const note: HolderNote = { pid: process.pid, home, what, since: new Date(clock.now()).toISOString() };
  writeHolderNote(path, note);
  return {
    announce: (url) => writeHolderNote(path, { ...note, url }),
    release() {
      removeHolderNote(path);
      lock.release();
    },
  };
}

/** A look at the ledger takes no longer than this. */
const lookMs = 3000;
const lookAgainMs = 25;

/** `serveHome`, which waits out somebody who only looks at the ledger. */
export async function serveHomeSoon(home: string, what: HomeHolder, clock: Clock): Promise<ReturnType<typeof serveHome>> {
  const giveUpAtMs = clock.now() + lookMs;
  // Waiting by the clock alone does not keep a process alive.
  const alive = setInterval(() => undefined, lookMs);
  try {
    for (;;) {
      const served = serveHome(home, what, clock);
      // Without a note the holder has just begun, or just ended.
      const isPassing = "heldBy" in served && (served.heldBy === undefined || served.heldBy.what === passing);
      if (!isPassing || clock.now() >= giveUpAtMs) return served;
      await new Promise<void>((resolve) => void clock.wakeAt(clock.now() + lookAgainMs, resolve));
    }
  } finally {
    clearInterval(alive);
  }
}

const passing: HomeHolder = "ledger";

/** The error of a home that somebody else serves. */
export function homeIsServed(home: string, holder: HolderNote | undefined): GatewayError {
  const remedy = "Stop it first, or give this one a home of its own with HERMES_HOME.";
  return new GatewayError(`The home ${home} is served already by ${describeHolder(holder)}. ${remedy}`, { exitCode: 78 });
}
