import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const agent = fileURLToPath(new URL("../../../../packages/agent-acp/test/agents/example-agent.ts", import.meta.url));

/** A `PATH` with an agent on it that speaks the Agent Client Protocol, under the name of one that people have, and nothing else. */
export async function pathWithAgent(home: string, name = "claude-agent-acp"): Promise<string> {
  const folder = join(home, "bin");
  await mkdir(folder, { recursive: true });
  const program = join(folder, name);
  // Whatever arguments it is begun with, it has all features.
  await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${agent}"\n`);
  await chmod(program, 0o755);
  return [folder, "/usr/bin", "/bin"].join(delimiter);
}
