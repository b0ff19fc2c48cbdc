import { realpath } from "node:fs/promises";
import { dirname, join, basename, sep } from "node:path";

/** Below the agent's folder: everybody's notes, and the pictures of all conversations. */
const kept = ["memory", "images"] as const;

/**
 * Folders for files and commands must not hold the gateway's home, nor lie in it but below the agent's own folder: whoever may write there
 * changes how the gateway runs. Nor may they hold what the agent keeps of people: each would read what is another's.
 *
 * @throws TypeError naming the folder, and what to do.
 */
export async function checkRoots(
  roots: readonly string[],
  { home, folder }: { readonly home: string; readonly folder: string },
): Promise<void> {
  const [realHome, realFolder] = await Promise.all([realPlace(home), realPlace(folder)]);
  for (const root of roots) {
    const real = await realPlace(root);
    const isOwn =
      real !== realFolder && isWithin(real, realFolder) && !kept.some((name) => isWithin(real, join(realFolder, name)));
    if (isWithin(realHome, real) || (isWithin(real, realHome) && !isOwn)) {
      throw new TypeError(
        `Expected \`tools.roots\` to lie beside the gateway's home, got ${root}: whoever may write there changes how the gateway runs. Name another folder, such as ${join(folder, "work")}`,
      );
    }
  }
}

/** Where a path really is, also where its end does not exist yet. */
async function realPlace(path: string): Promise<string> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(await realpath(at), ...missing);
    } catch {
      // As far as it is there; a folder that cannot be looked at counts by its name.
      if (dirname(at) === at) return path;
      missing.unshift(basename(at));
    }
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
