import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { refuse } from "./refusal.ts";
import type { Roots } from "./roots.ts";

const maxFileBytes = 10 * 1024 * 1024;

/** Which lines are wanted: `line` counts from 1. */
export interface LineRange {
  readonly line?: number | null | undefined;
  readonly limit?: number | null | undefined;
}

/** Reads a text file, or some lines of it. */
export async function readTextFile(path: string, { line, limit }: LineRange, roots: Roots): Promise<string> {
  const file = await roots.openForReading(path);
  try {
    const { size } = await file.stat();
    if (size > maxFileBytes) return await refuse("invalid", `The file has ${size} bytes; at most ${maxFileBytes} are read`);
    // One that grows meanwhile is not followed.
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await file.read(buffer, 0, size, 0);
    const text = buffer.toString("utf8", 0, bytesRead);
    const from = Math.max(0, (line ?? 1) - 1);
    const most = Math.max(0, limit ?? Number.POSITIVE_INFINITY);
    if (from === 0 && most === Number.POSITIVE_INFINITY) return text;
    return text
      .split("\n")
      .slice(from, from + most)
      .join("\n");
  } finally {
    await file.close();
  }
}

/** Writes a text file whole: whoever reads it meanwhile sees what was there or what is there then. */
export async function writeTextFile(path: string, content: string, roots: Roots): Promise<void> {
  if (Buffer.byteLength(content) > maxFileBytes) return await refuse("invalid", `At most ${maxFileBytes} bytes are written`);
  const real = await roots.creatable(path);
  const before = await stat(real).catch(() => undefined);
  if (before !== undefined && !before.isFile()) return await refuse("invalid", `It is no file: ${path}`);
  const draft = join(dirname(real), `.${basename(real).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(draft, flags, before === undefined ? 0o644 : before.mode & 0o777).catch(() => undefined);
  if (file === undefined) return await refuse("not-found", `The folder cannot be written to: ${path}`);
  try {
    // The folder may have been changed for another since it was looked at.
    if (!(await roots.isAt(file, draft))) return await refuse("not-found", `It is not in reach: ${path}`);
    await file.writeFile(content);
    await rename(draft, real);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
