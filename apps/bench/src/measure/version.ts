import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** The version of the package that a module belongs to. */
export function versionOf(moduleUrl: string): string {
  const path = findPackageJSON(moduleUrl);
  if (path === undefined) throw new Error(`${moduleUrl} belongs to no package`);
  // Written by whoever published it; every published package has one.
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly version: string }).version;
}
