import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "@hermes/core";
import type { Lease, Locks } from "@hermes/runtime";
import { GatewayError } from "../config/problem.ts";
import { diskIsFull, isDiskFull } from "../disk-full.ts";
import { tryFileLock, type FileLock } from "./file-lock.ts";
import { describeHolder, readHolderNote, removeHolderNote, writeHolderNote, type HolderNote } from "./holder-note.ts";

/** How often a holder looks whether its file was taken away under it. */
const watchEveryMs = 15_000;

export interface FileLocksOptions {
  readonly directory: string;
  readonly clock: Clock;
  /** What a loser is told of this process; the time is added. */
  readonly holder: Omit<HolderNote, "since">;
}

/** Locks that every gateway of this user on this machine shares, whatever its home. */
export function createFileLocks(options: FileLocksOptions): Locks {
  return {
    async acquire(name, _holder, signal) {
      signal.throwIfAborted();
      const path = join(options.directory, `${fileNameOf(name)}.db`);
      const lock = lockOrExplain(path);
      if (lock === undefined) return { heldBy: describeHolder(readHolderNote(path)) };
      writeHolderNote(path, { ...options.holder, since: new Date(options.clock.now()).toISOString() });
      return leaseOf(lock, path, options.clock);
    },
  };
}

/**
 * The lock at `path`; undefined when it is held.
 *
 * @throws GatewayError when the file cannot be used, naming it and what to do: code 75 where only room is missing, else 78.
 */
export function lockOrExplain(path: string): FileLock | undefined {
  try {
    return tryFileLock(path);
  } catch (error) {
    if (isDiskFull(error)) throw diskIsFull(path, error);
    const reason = error instanceof Error ? error.message : String(error);
    const remedy =
      "Make its directory writable for the user who runs the gateway; a damaged lock file may be removed while no gateway runs.";
    throw new GatewayError(`The lock ${path} cannot be used: ${reason}. ${remedy}`, { exitCode: 78, cause: error });
  }
}

function leaseOf(lock: FileLock, path: string, clock: Clock): Lease {
  const lost = new AbortController();
  let cancel = clock.wakeAt(clock.now() + watchEveryMs, watch);
  function watch(): void {
    if (lock.isLost()) lost.abort(new Error(`The lock ${path} was removed`));
    else cancel = clock.wakeAt(clock.now() + watchEveryMs, watch);
  }
  let released = false;
  return {
    fence: lock.fence,
    lost: lost.signal,
    async release() {
      if (released) return;
      released = true;
      cancel();
      // Before the lock: after it the note may be a successor's.
      if (!lock.isLost()) removeHolderNote(path);
      lock.release();
    },
  };
}

/** A name that is no plain file name is told apart by its hash. */
function fileNameOf(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,99}$/u.test(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/gu, "-")
    .slice(0, 40)}.${hash}`;
}
