import { readFileSync } from "node:fs";

/** This gateway's version. Lies directly in `src`, so that the path is right from the built program as well. */
export function readVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof file === "object" && file !== null && "version" in file ? String(file.version) : "unknown";
}
