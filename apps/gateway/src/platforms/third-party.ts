import { readFile, realpath, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What keeps a package from being used, as the end of a sentence, and what to do. */
export interface PackageFault {
  readonly fault: string;
  readonly remedy: string;
}

/** A kind of package that can be used by naming it. */
export interface PackageKind<Manifest> {
  /** As `hermes.kind` in its package.json says it, and in sentences. */
  readonly kind: "platform" | "agent";
  /** The name of one, for those who wrote something else. */
  readonly example: string;
  /** What is wrong with what it exports as `manifest`; undefined for nothing. */
  readonly fault: (value: unknown) => string | undefined;
  readonly is: (value: unknown) => value is Manifest;
}

/** One package must not hold up the start for longer. */
const maxImportMs = 10_000;

/** Names as npm has them: never a path, an address or a module of Node. */
const packageName = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/u;

/**
 * The manifest of a third party's package: looked for in the home (an npm project), then beside the gateway. Whether it fits is read
 * from its `package.json` before any of its code runs.
 */
export async function loadThirdParty<Manifest>(
  name: string,
  home: string,
  kind: PackageKind<Manifest>,
): Promise<Manifest | PackageFault> {
  if (!packageName.test(name)) {
    return {
      fault: `\`${name}\` is not the name of a package`,
      remedy: `Write it as npm has it, such as \`${kind.example}\`.`,
    };
  }
  const found = await findPackage(name, [home, ...directoriesAbove(import.meta.url)]);
  if (found === undefined) {
    return {
      fault: `the package \`${name}\` is not installed`,
      remedy: `Install it with \`npm install --prefix ${home} ${name}\`.`,
    };
  }
  const entry = await manifestEntry(name, found, kind.kind);
  if (typeof entry !== "string") return entry;
  const path = await resolveInside(found, `${name}/${entry.slice(2)}`);
  if (path === undefined) {
    return {
      fault: `\`${name}\` does not export \`${entry}\`, which its package.json names`,
      remedy: "Ask its author to mend it.",
    };
  }
  return importManifest(name, path, kind);
}

interface FoundPackage {
  /** The directory whose `node_modules` holds it. */
  readonly from: string;
  readonly directory: string;
}

async function findPackage(name: string, places: readonly string[]): Promise<FoundPackage | undefined> {
  for (const from of places) {
    const directory = join(from, "node_modules", name);
    const stats = await stat(join(directory, "package.json")).catch(ifAbsent);
    if (stats?.isFile() === true) return { from, directory };
  }
  return undefined;
}

/** Where Node looks for what this file imports; nothing is looked for above the home. */
function directoriesAbove(fileUrl: string): readonly string[] {
  const directories = [dirname(fileURLToPath(fileUrl))];
  for (;;) {
    const last = directories.at(-1) ?? sep;
    const above = dirname(last);
    if (above === last) return directories;
    directories.push(above);
  }
}

async function manifestEntry(name: string, found: FoundPackage, kind: "platform" | "agent"): Promise<string | PackageFault> {
  const facts = hermesFacts(await readFile(join(found.directory, "package.json"), "utf8"));
  if (facts?.["kind"] !== kind) {
    return {
      fault: `\`${name}\` is not ${kind === "agent" ? "an agent" : "a platform"} for Hermes`,
      remedy: "Use a package whose package.json says so under `hermes`.",
    };
  }
  if (facts["api"] !== 1) {
    const remedy = "Use versions of the gateway and of the package that fit together.";
    return {
      fault: `\`${name}\` needs version ${JSON.stringify(facts["api"])} of the ${kind} interface, this gateway has 1`,
      remedy,
    };
  }
  const entry = facts["manifest"];
  if (typeof entry !== "string" || !/^\.\/[\w./-]+$/u.test(entry) || entry.includes("..")) {
    return { fault: `\`${name}\` does not say where its manifest is`, remedy: "Ask its author to mend `hermes.manifest`." };
  }
  return entry;
}

function hermesFacts(packageJson: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(packageJson);
    const facts = typeof parsed === "object" && parsed !== null && "hermes" in parsed ? parsed.hermes : undefined;
    return typeof facts === "object" && facts !== null ? { ...facts } : undefined;
  } catch {
    return undefined;
  }
}

/** The file behind an export, if the package has it and it lies inside the package. */
async function resolveInside(found: FoundPackage, specifier: string): Promise<string | undefined> {
  let path: string;
  try {
    path = createRequire(join(found.from, "package.json")).resolve(specifier);
  } catch {
    return undefined;
  }
  const root = await realpath(found.directory);
  return (await realpath(path)).startsWith(root + sep) ? path : undefined;
}

async function importManifest<Manifest>(
  name: string,
  path: string,
  { fault, is }: PackageKind<Manifest>,
): Promise<Manifest | PackageFault> {
  let module: unknown;
  const loaded = new AbortController();
  try {
    const tooLong = setTimeout(maxImportMs, undefined, { signal: loaded.signal }).then(() => {
      throw new Error(`it took longer than ${maxImportMs / 1000} s`);
    });
    module = await Promise.race([import(pathToFileURL(path).href), tooLong]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { fault: `\`${name}\` cannot be loaded: ${reason}`, remedy: "Install it again, or ask its author." };
  } finally {
    loaded.abort();
  }
  const manifest: unknown = typeof module === "object" && module !== null && "manifest" in module ? module.manifest : undefined;
  if (is(manifest)) return manifest;
  return { fault: `\`${name}\` ${fault(manifest) ?? "has a broken manifest"}`, remedy: "Ask its author to mend it." };
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
  throw error;
}
