import { GatewayError } from "./config/problem.ts";

/** What the file system and SQLite call a disk without room, or a quota that is used up. */
const codes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "SQLITE_FULL", "SQLITE_IOERR_WRITE"]);

/** Whether something failed for want of room. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.has(error.code);
}

/** The error of a file that could not be written for want of room: once there is some, the same start works. */
export function diskIsFull(path: string, cause: unknown): GatewayError {
  const message = `${path} cannot be written: the disk is full or its quota is used up. Make room, then start again.`;
  return new GatewayError(message, { exitCode: 75, cause });
}
