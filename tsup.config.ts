import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

interface ExportEntry {
  readonly "@hermes/source"?: string;
}
interface PackageFile {
  readonly exports?: Readonly<Record<string, ExportEntry | string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** What a package builds is what it exports: the entries are read from its own `exports` and `bin`. */
function entries(): string[] {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as PackageFile;
  const exported = Object.values(manifest.exports ?? {}).flatMap((entry) =>
    typeof entry === "string" || entry["@hermes/source"] === undefined ? [] : [entry["@hermes/source"]],
  );
  const programs = Object.values(manifest.bin ?? {}).map((path) => path.replace("dist/", "src/").replace(/\.js$/u, ".ts"));
  return [...new Set([...exported, ...programs])].map((path) => path.replace(/^\.\//u, ""));
}

export default defineConfig({
  entry: entries(),
  format: "esm",
  target: "node22",
  platform: "node",
  clean: true,
  sourcemap: true,
  removeNodeProtocol: false,
  silent: true,
  // The sources are published beside what is built: the maps need not hold them once more.
  esbuildOptions(options) {
    options.sourcesContent = false;
  },
  // Bundled where it is used: imported unbundled, drizzle's cyclic module graph costs 300 ms and 200 MB at start.
  noExternal: [/^drizzle-orm/u],
});
