import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** What a lock's holder says of itself. For people only: whether the lock is held, the lock alone decides. */
export interface HolderNote {
  readonly pid: number;
  readonly home: string;
  /** ISO 8601. */
  readonly since: string;
  /** What it is: `gateway` or `chat`. */
  readonly what: string;
  /** Where it serves, once it does. */
  readonly url?: string;
}

/** The note beside a lock file. */
export function notePathOf(lockPath: string): string {
  return lockPath.replace(/\.db$/u, ".json");
}

/**
 * Replaces the note as a whole, so that nobody reads half of one. Never throws: without room for it there is none, and who asks is told
 * of "another process".
 */
export function writeHolderNote(lockPath: string, note: HolderNote): void {
  const path = notePathOf(lockPath);
  const fresh = `${path}.${note.pid}`;
  try {
    writeFileSync(fresh, `${JSON.stringify(note)}\n`, { mode: 0o600 });
    renameSync(fresh, path);
  } catch {
    // The lock counts, not the note; but an earlier holder's would name the wrong one.
    for (const left of [fresh, path]) rmSync(left, { force: true, recursive: true });
  }
}

export function removeHolderNote(lockPath: string): void {
  rmSync(notePathOf(lockPath), { force: true });
}

/** undefined when there is none, or none that can be read: the holder may just be writing its first. */
export function readHolderNote(lockPath: string): HolderNote | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(notePathOf(lockPath), "utf8"));
    return isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isNote(value: unknown): value is HolderNote {
  if (typeof value !== "object" || value === null) return false;
  const note: Readonly<Record<string, unknown>> = { ...value };
  const isText = (key: string): boolean => typeof note[key] === "string";
  return (
    Number.isInteger(note["pid"]) &&
    isText("home") &&
    isText("since") &&
    isText("what") &&
    (note["url"] === undefined || isText("url"))
  );
}

/** A holder as people read it. */
export function describeHolder(note: HolderNote | undefined): string {
  return note === undefined ? "another process" : `${note.what} with pid ${note.pid} for ${note.home}, since ${note.since}`;
}
