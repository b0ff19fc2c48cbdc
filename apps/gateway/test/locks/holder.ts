// Runs as a process of its own: takes the lock it is told, says how that went, and holds it until its input ends.
import { systemClock } from "@hermes/core";
import { createFileLocks } from "../../src/locks/file-locks.ts";

const [directory = "", name = "", home = ""] = process.argv.slice(2);
const locks = createFileLocks({ directory, clock: systemClock, holder: { pid: process.pid, home, what: "gateway" } });
const result = await locks.acquire(name, "", new AbortController().signal);
process.stdout.write(`${"heldBy" in result ? `lost: ${result.heldBy}` : `held: ${result.fence}`}\n`);
process.stdin.on("end", () => {
  if (!("heldBy" in result)) void result.release();
});
process.stdin.resume();
