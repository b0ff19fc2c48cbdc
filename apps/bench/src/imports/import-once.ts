import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What importing modules costs a process. */
export interface ImportCost {
  readonly ms: number;
  /** Resident. */
  readonly mb: number;
}

/** Plain JavaScript on the command line, so that nothing but Node itself is loaded before. */
const probe = `
const before = { rss: process.memoryUsage.rss(), at: performance.now() };
for (const entry of process.argv.slice(1)) await import(entry);
const ms = performance.now() - before.at;
process.stdout.write(JSON.stringify({ ms, mb: (process.memoryUsage.rss() - before.rss) / 1e6 }));
process.exit(0);
`;

/** Imports modules by their URLs, one after the other, into a process that has loaded nothing. */
export async function importOnce(...urls: readonly string[]): Promise<ImportCost> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", probe, ...urls]);
  return JSON.parse(stdout) as ImportCost;
}
