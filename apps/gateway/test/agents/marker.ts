import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What the tests have run: it says so in a file, and deletes what is not there, so that people are asked. */
export const dangerousCommand = "rm -rf build && echo ran >> marker";

/** A line for each time that it was run. */
export async function ran(work: string): Promise<string> {
  return await readFile(join(work, "marker"), "utf8").catch(() => "");
}
