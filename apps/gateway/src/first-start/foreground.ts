import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** Whether this process may read its terminal. One in the background (`hermes gateway run &`) would be suspended for it. */
export async function isInForeground(): Promise<boolean> {
  try {
    if (process.platform === "linux") {
      // The name of the program, in brackets, may hold anything; of what follows the third is the group, the sixth the terminal's.
      const fields = (await readFile("/proc/self/stat", "utf8")).replace(/^.*\) /su, "").split(" ");
      return fields[2] === fields[5];
    }
    const { stdout } = await promisify(execFile)("/bin/ps", ["-o", "stat=", "-p", String(process.pid)], { timeout: 1000 });
    return stdout.includes("+");
  } catch {
    // Whoever cannot tell does not ask.
    return false;
  }
}
