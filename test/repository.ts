import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** One package of the workspace, as its files say. */
export interface Package {
  /** `packages/core`. */
  readonly path: string;
  readonly folder: string;
  readonly manifest: PackageManifest;
}

export interface PackageManifest {
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly description?: string;
  readonly files?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly hermes?: { readonly kind?: string; readonly api?: number; readonly manifest?: string };
}

export function packages(): readonly Package[] {
  return ["packages", "apps"].flatMap((area) =>
    readdirSync(join(root, area)).flatMap((folder) => {
      const path = `${area}/${folder}`;
      const file = join(root, path, "package.json");
      if (statSync(file, { throwIfNoEntry: false }) === undefined) return [];
      return [{ path, folder, manifest: JSON.parse(readFileSync(file, "utf8")) as PackageManifest }];
    }),
  );
}

/** Files below a folder of the repository, relative to its root. */
export function filesBelow(path: string, ending = ".ts"): readonly string[] {
  const folder = join(root, path);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes("node_modules") && !file.includes("/dist/"));
}

export function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** What a source file imports, by name or relative path. */
export function importsOf(file: string): readonly string[] {
  const text = read(file);
  const found = text.matchAll(/(?:(?<!\.)\bfrom|\bimport)\s*\(?\s*"([^"]+)"|\brequire\("([^"]+)"\)/gu);
  return [...found].map((match) => match[1] ?? match[2] ?? "");
}

/** Without comments, so that prose about a name does not count as its use. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//gu, "").replace(/(?<![:"'`])\/\/.*$/gmu, "");
}
