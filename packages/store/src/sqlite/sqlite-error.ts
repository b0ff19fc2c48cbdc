import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { StoreError, type StoreErrorCode } from "@hermes/runtime";

/** Result codes of SQLite and of the file system, by how they begin. */
const codes: readonly (readonly [string, StoreErrorCode])[] = [
  ["SQLITE_BUSY", "busy"],
  ["SQLITE_LOCKED", "busy"],
  ["SQLITE_READONLY", "read-only"],
  ["SQLITE_PERM", "read-only"],
  ["SQLITE_FULL", "full"],
  // Where a quota is used up the system does not speak of a full disk.
  ["SQLITE_IOERR_WRITE", "full"],
  ["SQLITE_IOERR_SHMSIZE", "full"],
  ["SQLITE_CORRUPT", "corrupt"],
  ["SQLITE_NOTADB", "corrupt"],
  ["EACCES", "read-only"],
  ["EPERM", "read-only"],
  ["EROFS", "read-only"],
  ["ENOSPC", "full"],
  ["EDQUOT", "full"],
];

/** A database's shared memory alone takes this much. */
const smallestRoomBytes = 32 * 1024;

const remedies: Readonly<Record<StoreErrorCode, string>> = {
  busy: "another program holds it; stop that program, or name another file in `store.url`",
  "read-only": "it or its folder cannot be written; give this user the right to write there",
  full: "the disk is full or its quota is used up; make room",
  corrupt:
    "it is not an SQLite database or it is damaged; restore a copy (one is made before every migration), or move it away to begin anew",
  newer:
    "it was written by a newer version of Hermes Gateway; install that version, or restore the copy made before its migration",
  fenced: "another gateway has taken it over",
  closed: "it was closed",
  unavailable: "see the cause",
};

/** A failure of SQLite as a `StoreError` that names the file and what to do. */
export function toStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error) ?? (isDiskFull(path) ? "full" : "unavailable");
  const reason = code === "unavailable" && error instanceof Error ? error.message : remedies[code];
  return new StoreError(code, `The database ${path} cannot be used: ${reason}`, { cause: error });
}

/** An error of the store's own making. */
export function storeError(code: StoreErrorCode, path: string): StoreError {
  return new StoreError(code, `The database ${path} cannot be used: ${remedies[code]}`);
}

function codeOf(error: unknown): StoreErrorCode | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code !== "string") return "unavailable";
  const known = codes.find(([prefix]) => code.startsWith(prefix))?.[1];
  return known ?? (code.startsWith("SQLITE_IOERR") || code.startsWith("SQLITE_CANTOPEN") ? undefined : "unavailable");
}

/** Neither a page nor, where files are counted, a file more fits: of that SQLite sometimes says no more than that something failed. */
function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(dirname(path));
    return bavail * bsize < smallestRoomBytes || (files > 0 && ffree === 0);
  } catch {
    // The folder itself cannot be looked at: then it is something else.
    return false;
  }
}
