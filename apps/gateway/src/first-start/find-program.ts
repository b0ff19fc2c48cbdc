import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** A path of ordinary length has far fewer. */
const maxFolders = 200;

/**
 * Where a program lies on a `PATH`, as an absolute path. Folders that are named relative to wherever one happens to be are passed over:
 * what lies there is not the same program tomorrow.
 */
export async function findProgram(name: string, path: string): Promise<string | undefined> {
  if (!/^[\w.+-]{1,100}$/u.test(name) || /^\.+$/u.test(name)) return undefined;
  for (const folder of path.split(delimiter).slice(0, maxFolders)) {
    // What is found is written into a configuration, where `${NAME}` stands for a variable.
    if (!isAbsolute(folder) || folder.includes("\0") || folder.includes("${")) continue;
    const program = join(folder, name);
    if (await isProgram(program)) return program;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Not there, or not for this user: either way it is none that could be started.
    return false;
  }
}
