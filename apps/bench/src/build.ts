import { spawn } from "node:child_process";
import { join } from "node:path";
import { repository } from "./places.ts";

/**
 * Builds the gateway and what it consists of; in no time when nothing changed.
 *
 * @throws Error when it does not build.
 */
export async function buildGateway(): Promise<void> {
  const turbo = join(repository, "node_modules", ".bin", "turbo");
  const words = ["run", "build", "--filter=@hermes/gateway", "--output-logs=errors-only", "--no-update-notifier"];
  // Standard output is for the results alone.
  const child = spawn(turbo, words, { cwd: repository, stdio: ["ignore", process.stderr, process.stderr] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error("The gateway does not build: mend that, or measure what was built before with --no-build");
}
