import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../config/problem.ts";
import { replaceFile } from "../files/replace-file.ts";

/** Where the token lies that was made for a home. */
export function tokenPathOf(home: string): string {
  return join(home, "gateway", "token");
}

/** The token made for this home; undefined when none was made yet. */
export async function readHomeToken(home: string): Promise<string | undefined> {
  const path = tokenPathOf(home);
  const text = await readOwn(path);
  if (text === undefined) return undefined;
  if (/^[\w-]{32,128}$/u.test(text)) return text;
  throw new GatewayError(`${path} holds no token. Remove it: a new one is made at the next start.`, { exitCode: 78 });
}

async function readOwn(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(ifAbsent);
  if (file === undefined) return undefined;
  try {
    const buffer = Buffer.alloc(1024);
    const stats = await file.stat();
    const { bytesRead } = stats.isFile() ? await file.read(buffer, 0, buffer.length, 0) : { bytesRead: 0 };
    if (process.platform !== "win32" && (stats.mode & 0o077) !== 0) await file.chmod(0o600);
    return buffer.toString("utf8", 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}

/** The token made for this home, made now if there is none. Only who serves the home calls this. */
export async function makeHomeToken(home: string): Promise<string> {
  const existing = await readHomeToken(home);
  if (existing !== undefined) return existing;
  const token = randomBytes(32).toString("base64url");
  await replaceFile(tokenPathOf(home), `${token}\n`);
  return token;
}

/** The token before the present one, as long as it is good. */
export interface PreviousToken {
  readonly token: string;
  readonly untilMs: number;
}

/** Makes a new token for this home; the old one is remembered as long as it is good. Only who serves the home calls this. */
export async function rotateHomeToken(home: string, untilMs: number): Promise<string> {
  const old = await readHomeToken(home);
  const token = randomBytes(32).toString("base64url");
  if (old !== undefined) await replaceFile(previousPathOf(home), `${old} ${untilMs}\n`);
  await replaceFile(tokenPathOf(home), `${token}\n`);
  return token;
}

/** The home's token before the last rotation; undefined where there is none. */
export async function readPreviousToken(home: string): Promise<PreviousToken | undefined> {
  const text = await readOwn(previousPathOf(home));
  const match = /^(?<token>[\w-]{32,128}) (?<until>\d{1,15})$/u.exec(text ?? "");
  const { token, until } = match?.groups ?? {};
  return token === undefined ? undefined : { token, untilMs: Number(until) };
}

function previousPathOf(home: string): string {
  return `${tokenPathOf(home)}.previous`;
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
