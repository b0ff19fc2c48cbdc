import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fillIn } from "./fill-in.ts";
import { namesOf } from "./names.ts";

export interface CreatePlatformOptions {
  /** `my-chat`, or the whole name of the package. */
  readonly name: string;
  /** Where its folder is made. */
  readonly parent: string;
  /** What the new package asks of ours, by name; one that is left out stays as the template has it. */
  readonly versions?: Readonly<Record<string, string>>;
}

export interface CreatedPlatform {
  /** Its folder. */
  readonly path: string;
  readonly packageName: string;
  /** Below the folder, in order. */
  readonly files: readonly string[];
}

const template = fileURLToPath(new URL("../template", import.meta.url));

/** npm leaves out a `.gitignore` of a package, and a `package.json` inside one is taken for a package of its own. */
const renamed: Readonly<Record<string, string>> = { gitignore: ".gitignore", "package.template.json": "package.json" };

/**
 * Writes a platform package that works: an adapter, its protocol on loopback, and the conformance suite.
 *
 * @throws TypeError for a name that cannot be one, and Error for a folder that has something in it.
 */
export async function createPlatform({ name, parent, versions = {} }: CreatePlatformOptions): Promise<CreatedPlatform> {
  const names = namesOf(name);
  const path = join(parent, `hermes-platform-${names.kind}`);
  await makeEmptyFolder(path);
  const sources = await readdir(template, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const source of sources.filter((entry) => entry.isFile())) {
    const from = join(source.parentPath, source.name);
    const below = from.slice(template.length + 1);
    const to = renamed[below] ?? fillIn(below, names);
    const text = fillIn(await readFile(from, "utf8"), names);
    await mkdir(dirname(join(path, to)), { recursive: true });
    await writeFile(join(path, to), to === "package.json" ? withVersions(text, versions) : text, { flag: "wx" });
    files.push(to);
  }
  return { path, packageName: names.packageName, files: files.sort() };
}

async function makeEmptyFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const [first] = await readdir(path);
  if (first !== undefined) throw new Error(`${path} is not empty: there is ${first} in it. Move it away, or choose another name`);
}

function withVersions(text: string, versions: Readonly<Record<string, string>>): string {
  const manifest = JSON.parse(text) as Record<string, Record<string, string>>;
  for (const kind of ["peerDependencies", "devDependencies"]) {
    const wanted = manifest[kind] ?? {};
    for (const [name, version] of Object.entries(versions)) if (name in wanted) wanted[name] = version;
  }
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
