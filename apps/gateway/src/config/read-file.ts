import { close, constants, fstat, open, read, type Stats } from "node:fs";
import { promisify } from "node:util";
import { configurationError } from "./problem.ts";

const maxBytes = 1_000_000;

/** A configuration file's text; undefined when there is none. */
export interface ConfigurationFile {
  readonly text: string;
  /** Others than its owner may read it. */
  readonly exposed: boolean;
}

/**
 * Reads a configuration file that a person wrote.
 *
 * @throws GatewayError for what is not a readable file of at most 1 MB in UTF-8.
 */
export async function readConfigurationFile(path: string): Promise<ConfigurationFile | undefined> {
  const descriptor = await openFile(path);
  if (descriptor === undefined) return undefined;
  try {
    const stats = await promisify(fstat)(descriptor);
    check(path, stats);
    return { text: decode(path, await readAll(path, descriptor)), exposed: isExposed(stats) };
  } finally {
    await promisify(close)(descriptor);
  }
}

/** Without `O_NONBLOCK` opening a pipe would wait for a writer for ever. */
async function openFile(path: string): Promise<number | undefined> {
  try {
    return await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return undefined;
    throw configurationError([
      { message: `${path} cannot be read (${code})`, remedy: "Make it a file that the user who runs the gateway may read." },
    ]);
  }
}

function check(path: string, stats: Stats): void {
  if (!stats.isFile()) {
    throw configurationError([{ message: `${path} is not a file`, remedy: "Move it away or put a file there." }]);
  }
  if (stats.size > maxBytes) throw tooLarge(path);
}

function tooLarge(path: string): Error {
  return configurationError([{ message: `${path} is larger than 1 MB`, remedy: "Keep only configuration in it." }]);
}

/** The size is checked again while reading: the file may have grown since. */
async function readAll(path: string, descriptor: number): Promise<Buffer> {
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await promisify(read)(descriptor, buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > maxBytes) throw tooLarge(path);
  }
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw configurationError([{ message: `${path} is not valid UTF-8`, remedy: "Save it in the encoding UTF-8." }]);
  }
}

/** On Windows the mode says nothing about who may read. */
function isExposed(stats: Stats): boolean {
  return process.platform !== "win32" && (stats.mode & 0o044) !== 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
