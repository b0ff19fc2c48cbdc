import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** That people were asked once is remembered by a file: it is not asked again at each start. */
function pathOf(home: string): string {
  return join(home, "gateway", "agent-offered");
}

/** Whether people were asked which agent is to answer. */
export async function wasOffered(home: string): Promise<boolean> {
  try {
    await access(pathOf(home));
    return true;
  } catch {
    // No file that can be seen: then it is asked, at worst once more.
    return false;
  }
}

/** From now on nobody is asked any more. Only who serves the home calls this. */
export async function rememberOffered(home: string): Promise<void> {
  await writeFile(pathOf(home), `${new Date().toISOString()}\n`, { mode: 0o600 });
}
