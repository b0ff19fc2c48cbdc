import { StoreError, type StoreErrorCode } from "@hermes/runtime";

/** Result codes of SQLite and of the file system, by how they begin. */
const codes: readonly (readonly [string, StoreErrorCode])[] = [
  ["SQLITE_BUSY", "busy"],
  ["SQLITE_LOCKED", "busy"],
  ["SQLITE_READONLY", "read-only"],
  ["SQLITE_PERM", "read-only"],
  ["SQLITE_FULL", "full"],
  ["SQLITE_CORRUPT", "corrupt"],
  ["SQLITE_NOTADB", "corrupt"],
  ["EACCES", "read-only"],
  ["EPERM", "read-only"],
  ["EROFS", "read-only"],
  ["ENOSPC", "full"],
];

const remedies: Readonly<Record<StoreErrorCode, string>> = {
  busy: "another program holds it; stop that program, or name another file in `store.url`",
  "read-only": "it or its folder cannot be written; give this user the right to write there",
  full: "the disk is full; make room",
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
  const code = codeOf(error);
  const reason = code === "unavailable" && error instanceof Error ? error.message : remedies[code];
  return new StoreError(code, `The database ${path} cannot be used: ${reason}`, { cause: error });
}

/** An error of the store's own making. */
export function storeError(code: StoreErrorCode, path: string): StoreError {
  return new StoreError(code, `The database ${path} cannot be used: ${remedies[code]}`);
}

function codeOf(error: unknown): StoreErrorCode {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code !== "string") return "unavailable";
  return codes.find(([prefix]) => code.startsWith(prefix))?.[1] ?? "unavailable";
}
