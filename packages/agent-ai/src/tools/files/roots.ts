import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { isSensitiveName, sensitiveNames } from "../sensitive-names.ts";

/** The folders that files may be in, as they really are. What does not exist is left out. */
export async function realRoots(roots: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(roots.map((root) => realpath(root).catch(notThere)));
  return real.filter((root) => root !== undefined);
}

/**
 * Where a path that a model names really is: links followed, and inside one of the (real) roots. Relative paths begin at the first one.
 *
 * @throws Error with a sentence for the model where it is not there or not inside.
 */
export async function realPathInside(path: string, roots: readonly string[]): Promise<string> {
  const asked = resolveInside(path, roots);
  const real = await realpath(asked).catch(notThere);
  if (real === undefined) throw new Error(`There is no ${path}.`);
  return inside(real, roots, path);
}

/**
 * Where a file that need not be there yet is to be written: its nearest folder that exists, links followed, and what lies below.
 *
 * @throws Error like `realPathInside`.
 */
export async function placeInside(path: string, roots: readonly string[]): Promise<string> {
  const asked = resolveInside(path, roots);
  const missing: string[] = [];
  for (let at = asked; ; at = dirname(at)) {
    const real = await realpath(at).catch(notThere);
    if (real !== undefined) return inside(join(real, ...missing), roots, path);
    missing.unshift(basename(at));
    if (dirname(at) === at) throw new Error(`There is no ${path}.`);
  }
}

/**
 * Says no to names that commonly hold secrets, wherever in the path below the root they stand.
 *
 * @throws Error with a sentence for the model.
 */
export function refuseSensitive(real: string, roots: readonly string[], patterns: readonly string[] = sensitiveNames): void {
  const root = rootOf(real, roots) ?? "/";
  const parts = real.slice(root.length).split("/");
  if (parts.some((part) => isSensitiveName(part, patterns))) {
    throw new Error(`${basename(real)} may hold secrets, so it is neither read nor written here. Do without it.`);
  }
}

function resolveInside(path: string, roots: readonly string[]): string {
  const [first] = roots;
  if (first === undefined) throw new Error("None of the folders that files may be in exists. Tell whoever runs the gateway.");
  if (path.includes("\0")) throw new Error("The path holds a zero byte. Leave it out.");
  if (/^(?:\\\\|\/\/|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]*:\/\/)/iu.test(path)) {
    throw new Error(`${path} is no path of a file here. Name one inside ${roots.join(" or ")}.`);
  }
  if (path.startsWith("~")) throw new Error(`A path cannot begin with ~ here. Name one inside ${roots.join(" or ")}.`);
  return isAbsolute(path) ? resolve(path) : resolve(first, path);
}

function inside(real: string, roots: readonly string[], path: string): string {
  if (rootOf(real, roots) !== undefined) return real;
  throw new Error(`${path} is outside of the folders that may be used: ${roots.join(", ")}. Name a path inside of them.`);
}

function rootOf(real: string, roots: readonly string[]): string | undefined {
  return roots.find((root) => real === root || real.startsWith(root.endsWith("/") ? root : `${root}/`));
}

function notThere(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "EACCES" || code === "ENAMETOOLONG")
    return undefined;
  throw error;
}
