import { mkdir, stat } from "node:fs/promises";
import { AcpError } from "../acp-error.ts";
import type { AcpConfiguration } from "../configuration.ts";

/** Makes the agent's own folder; one that somebody named is not made, since its name may be a mistake. Rejects with an `AcpError`. */
export async function ensureFolder({ cwd, isOwnFolder }: AcpConfiguration, who: string): Promise<void> {
  try {
    if (isOwnFolder) await mkdir(cwd, { recursive: true, mode: 0o700 });
    if ((await stat(cwd)).isDirectory()) return;
  } catch (error) {
    throw new AcpError("not-started", `${who} cannot work in ${cwd}: make that folder, or set \`cwd\` to another`, {
      cause: error,
    });
  }
  throw new AcpError("not-started", `${who} cannot work in ${cwd}, which is no folder: set \`cwd\` to another`);
}
